"""`stepscope estimate`: what a month would cost, from numbers that somebody types in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import rich_click as click

from commands.session import Session, examples, pass_session

if TYPE_CHECKING:
    from analyzer.estimates import ExpressEstimate, StandardEstimate

_region = click.option(
    "--region", default="us-east-1", show_default=True, metavar="REGION", help="AWS Region whose prices apply."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, money unrounded.")


@click.group(no_args_is_help=False)
def estimate() -> None:
    """What a month of one account would cost, from numbers that you type in."""


@estimate.command()
@click.option("--transitions", type=int, required=True, metavar="N", help="Tries of states, retries too, and redrives.")
@_region
@click.option("--no-free-tier", is_flag=True, help="Bill every transition: the free ones are used elsewhere.")
@_as_json
@pass_session
@examples(
    "stepscope estimate standard --transitions 5000000 --region eu-west-1",
    "stepscope estimate standard --transitions 5000000 --no-free-tier --json",
)
def standard(session: Session, transitions: int, region: str, no_free_tier: bool, as_json: bool) -> None:
    """What a month of transitions costs as Standard."""
    from analyzer.estimates import standard_estimate
    from analyzer.prices import bundled_prices

    book, free_tier = bundled_prices(), not no_free_tier
    found = standard_estimate(transitions, region=region, on=_today(session), book=book, free_tier=free_tier)
    figures = {
        "transitions": f"{found.transitions:,}",
        "billed transitions": f"{found.billed_transitions:,}",
        "total": _money(found.total_usd, found.currency),
    }
    _answer(session, found, figures, region, as_json=as_json)


@estimate.command()
@click.option("--executions", type=int, required=True, metavar="N", help="Executions in the month, all alike.")
@click.option("--duration-ms", type=float, required=True, metavar="MS", help="How long each takes; billed by 100 ms.")
@click.option("--memory-mb", type=float, required=True, metavar="MB", help="Memory each takes; billed by 64 MB.")
@_region
@click.option("--log-level", metavar="LEVEL", help="Log level of the machine: ALL, ERROR, FATAL or OFF.")
@click.option("--log-bytes", type=int, metavar="BYTES", help="Bytes of log that one execution writes at that level.")
@_as_json
@pass_session
@examples(
    "stepscope estimate express --executions 1000000 --duration-ms 850 --memory-mb 64",
    "stepscope estimate express --executions 1000000 --duration-ms 850 --memory-mb 64 --log-level ALL --log-bytes 9000",
)
def express(
    session: Session,
    executions: int,
    duration_ms: float,
    memory_mb: float,
    region: str,
    log_level: str | None,
    log_bytes: int | None,
    as_json: bool,
) -> None:
    """What a month of equal executions costs as Express, with their logs when both log options are given."""
    from analyzer.estimates import express_estimate, log_volume
    from analyzer.prices import bundled_prices

    logs, on, book = log_volume(log_level, log_bytes), _today(session), bundled_prices()
    found = express_estimate(executions, duration_ms, memory_mb, region=region, on=on, book=book, logs=logs)
    _answer(session, found, _express_figures(found), region, as_json=as_json)
    if found.too_long:
        session.tell("Express stops an execution after 5 minutes: these could only run as Standard.")


def _express_figures(found: ExpressEstimate) -> dict[str, str]:
    amounts = {
        "requests": found.requests_usd,
        "duration": found.duration_usd,
        "logs": found.logs_usd,
        "total": found.total_usd,
    }
    return {
        "executions": f"{found.executions:,}",
        "billed duration": f"{found.billed_duration_ms:,} ms each",
        "billed memory": f"{found.billed_memory_mb:,} MB each",
        "GB-seconds": f"{found.gb_seconds:,.2f}",
        **{name: _money(amount, found.currency) for name, amount in amounts.items() if amount is not None},
    }


def _answer(
    session: Session,
    found: StandardEstimate | ExpressEstimate,
    figures: Mapping[str, str],
    region: str,
    *,
    as_json: bool,
) -> None:
    if as_json:
        session.say(found.to_json())
        return
    label, width = max(map(len, figures)), max(map(len, figures.values()))
    for name, value in figures.items():
        session.say(f"{name:<{label}}  {value:>{width}}")
    session.say(f"\nAn estimate at list prices of {region}, checked {found.price_checked}:\n{found.price_source}")


def _money(amount: Decimal, currency: str) -> str:
    """To the cent, and to the first digits that count where that would be nothing."""
    text = f"{amount:,.2f}" if not amount or amount >= 1 else f"{amount.normalize():.3g}"
    return f"{text} {currency}"


def _today(session: Session) -> date:
    return datetime.fromtimestamp(session.clock() / 1_000, UTC).date()
