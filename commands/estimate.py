"""`stepscope estimate`: what a month would cost, from numbers that somebody types in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from store.errors import MisuseError, PriceUnknownError

if TYPE_CHECKING:
    from analyzer.estimates import ExpressEstimate, StandardEstimate
    from analyzer.prices import PriceBook

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
@store_option()
@pass_session
@examples(
    "stepscope estimate standard --transitions 5000000 --region eu-west-1",
    "stepscope estimate standard --transitions 5000000 --no-free-tier --json",
)
def standard(session: Session, transitions: int, region: str, no_free_tier: bool, as_json: bool) -> None:
    """What a month of transitions costs as Standard."""
    from analyzer.estimates import standard_estimate

    book, free_tier = _book(session), not no_free_tier
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
@click.option("--memory-mb", type=float, metavar="MB", help="Memory each takes; billed by 64 MB.")
@click.option(
    "--definition-kb",
    type=float,
    metavar="KB",
    help="Instead of --memory-mb: size of the definition, for AWS's formula.",
)
@click.option(
    "--payload-kb", type=float, metavar="KB", help="The payload, for the same formula; each Map step holds one."
)
@click.option("--map-steps", type=int, metavar="N", help="Map or Parallel steps, for the same formula.  [default: 1]")
@_region
@click.option("--log-level", metavar="LEVEL", help="Log level of the machine: ALL, ERROR, FATAL or OFF.")
@click.option("--log-bytes", type=int, metavar="BYTES", help="Bytes of log that one execution writes at that level.")
@click.option(
    "--rates",
    type=click.Choice(("bill", "page")),
    default="bill",
    show_default=True,
    help="Duration by the bill's GB-second, or by the pricing page's rounded GB-hour.",
)
@_as_json
@store_option()
@pass_session
@examples(
    "stepscope estimate express --executions 1000000 --duration-ms 850 --memory-mb 64",
    "stepscope estimate express --executions 1000000 --duration-ms 850 --memory-mb 64 --log-level ALL --log-bytes 9000",
    "stepscope estimate express --executions 100000 --duration-ms 850 --definition-kb 50 --payload-kb 32 --map-steps 4",
)
def express(
    session: Session,
    executions: int,
    duration_ms: float,
    memory_mb: float | None,
    definition_kb: float | None,
    payload_kb: float | None,
    map_steps: int | None,
    region: str,
    log_level: str | None,
    log_bytes: int | None,
    rates: str,
    as_json: bool,
) -> None:
    """What a month of equal executions costs as Express, with their logs when both log options are given.

    Without a measured memory, AWS's published formula gives one: 50 MB + definition + payload × Map or Parallel steps.
    """
    from analyzer.estimates import Rates, express_estimate, log_volume

    logs, on, book = log_volume(log_level, log_bytes), _today(session), _book(session)
    formula = _formula_mb(memory_mb, definition_kb, payload_kb, map_steps)
    memory = memory_mb if formula is None else formula
    found = express_estimate(
        executions, duration_ms, memory or 0, region=region, on=on, book=book, logs=logs, rates=Rates(rates)
    )
    found = found if formula is None else found.with_memory(formula)
    _answer(session, found, _express_figures(found), region, as_json=as_json)
    if found.too_long:
        session.tell("Express stops an execution after 5 minutes: these could only run as Standard.")


def _formula_mb(
    memory_mb: float | None, definition_kb: float | None, payload_kb: float | None, map_steps: int | None
) -> Decimal | None:
    """The memory by the published formula; None when it was given. Raises MisuseError for both and for neither."""
    from analyzer.estimates import memory_of_kb

    sizes = (definition_kb, payload_kb, map_steps)
    if memory_mb is not None:
        if any(size is not None for size in sizes):
            raise MisuseError("The memory is given twice.", "Use --memory-mb, or the sizes that AWS's formula needs.")
        return None
    if definition_kb is None or payload_kb is None:
        hint = "Add --memory-mb, or both --definition-kb and --payload-kb for AWS's formula."
        raise MisuseError("The memory of an execution is not given.", hint)
    return memory_of_kb(definition_kb, payload_kb, 1 if map_steps is None else map_steps)


@estimate.command()
@click.option("--executions", type=int, required=True, metavar="N", help="Executions in the month, all alike.")
@click.option("--states", type=int, required=True, metavar="N", help="Visits of states in one, without polling.")
@click.option("--retries", type=float, default=0, show_default=True, metavar="N", help="Retries in one, on average.")
@click.option("--duration-ms", type=float, required=True, metavar="MS", help="How long each takes, without polling.")
@click.option("--memory-mb", type=float, default=64, show_default=True, metavar="MB", help="Memory each takes.")
@click.option("--log-level", default="OFF", show_default=True, metavar="LEVEL", help="ALL, ERROR, FATAL or OFF.")
@click.option("--items", type=int, default=0, show_default=True, metavar="N", help="Items of a Distributed Map in one.")
@click.option("--batch", type=int, default=1, show_default=True, metavar="N", help="Items that one child takes.")
@click.option(
    "--poll-for", type=float, default=0, show_default=True, metavar="S", help="How long the polled job takes."
)
@click.option("--poll-every", type=float, default=0, show_default=True, metavar="S", help="Seconds between two polls.")
@_region
@_as_json
@store_option()
@pass_session
@examples(
    "stepscope estimate workload --executions 1000000 --states 8 --duration-ms 900",
    "stepscope estimate workload --executions 5000 --states 4 --duration-ms 900 --poll-for 120 --poll-every 10 --json",
)
def workload(session: Session, /, as_json: bool, poll_for: float, poll_every: float, **numbers: Any) -> None:
    """What a month of equal executions costs as Standard and as Express: another volume, batch, poll interval."""
    from analyzer.scenario import Scenario, outcome

    scenario = Scenario(poll_for_s=poll_for, poll_every_s=poll_every, **numbers)
    found = outcome(scenario, _today(session), _book(session))
    if found.standard_usd is None and found.express_usd is None:
        raise PriceUnknownError(found.note, "`stepscope prices refresh` asks AWS for the prices of a Region.")
    if as_json:
        session.say(found.to_json())
        return
    amounts = {"as Standard": found.standard_usd, "as Express": found.express_usd, "of that, logs": found.logs_usd}
    session.say(f"transitions    {found.transitions:>16,}")
    for name, amount in amounts.items():
        session.say(f"{name:<14} {'unknown' if amount is None else f'{amount:,.2f}':>16}")
    session.say(f"\n{found.note}.")
    if found.obstacle:
        session.tell(found.obstacle)


def _express_figures(found: ExpressEstimate) -> dict[str, str]:
    amounts = {
        "requests": found.requests_usd,
        "duration": found.duration_usd,
        "logs": found.logs_usd,
        "total": found.total_usd,
    }
    return {
        "executions": f"{found.executions:,}",
        **({"memory": f"{found.memory_mb:,} MB by AWS's formula"} if found.memory_mb is not None else {}),
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
    from analyzer.prices import stale_note

    note = stale_note(found.price_checked, _today(session))
    if note:
        session.tell(note)
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


def _book(session: Session) -> PriceBook:
    from analyzer.prices import known_prices

    return known_prices(session.folder)


def _today(session: Session) -> date:
    return datetime.fromtimestamp(session.clock() / 1_000, UTC).date()
