"""`stepscope billing`: what AWS says was used, to compare the estimates with."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from commands.wording import counted
from store.errors import MisuseError

if TYPE_CHECKING:
    from store.billing import DaySpan

MS_IN_DAY = 86_400_000


@click.command()
@click.option("--since", default="30d", show_default=True, metavar="TIME", help="The first day: a date, or 30d ago.")
@click.option("--account", default="", metavar="ID", help="Only this account.  [default: all that the caller pays for]")
@click.option("--yes", is_flag=True, help="Do not ask whether the requests may be made.")
@click.option("--profile", metavar="NAME", help="Profile of the AWS CLI.  [default: its own choice]")
@click.option("--role-arn", metavar="ARN", help="Role to assume first.")
@click.option("--endpoint-url", metavar="URL", help="Ask this address instead of AWS's.")
@store_option()
@pass_session
@examples("stepscope billing --since 30d", "stepscope billing --account 111122223333 --yes")
def billing(
    session: Session,
    since: str,
    account: str,
    yes: bool,
    profile: str | None,
    role_arn: str | None,
    endpoint_url: str | None,
) -> None:
    """Ask Cost Explorer what Step Functions used on each day, and keep the answer with the store.

    AWS charges for each request; what it will come to is said before anything is asked. A day whose answer is settled
    is never asked for again. The caller needs `ce:GetCostAndUsage`. The reports `reconciliation` and
    `counting_rule` compare.
    """
    from collectors.aws import Connector
    from collectors.billing import usage_of
    from collectors.sessions import Target
    from store.billing import days_to_ask, save_billing
    from store.folder import writable_store

    wanted = _days(session, since)
    with writable_store(session.folder) as store:
        spans = days_to_ask(store.db, account, wanted)
        if not spans:
            session.say("Every one of these days is settled; nothing was asked.")
            return
        if not _agreed(session, spans, yes=yes):
            return
        connect, target = Connector(), Target(None, profile, role_arn, endpoint_url=endpoint_url)
        calls = 0
        for span in spans:
            found = usage_of(connect, target, account, span)
            save_billing(store.db, account, span, found.lines, found.final, session.clock())
            calls += found.calls
    days = sum(span.after - span.first for span in spans)
    session.say(f"{counted(days, 'day')} of usage, by {counted(calls, 'request')}: {_price(session, calls)}")


def _days(session: Session, since: str) -> DaySpan:
    """Whole days, from the first one wanted until yesterday."""
    from commands.moments import moment_ms
    from store.billing import DaySpan

    now = session.clock()
    wanted = DaySpan(moment_ms(since, now) // MS_IN_DAY, now // MS_IN_DAY)
    if wanted.first >= wanted.after:
        raise MisuseError("no day has ended since then", "Give an earlier --since.")
    return wanted


def _agreed(session: Session, spans: list[DaySpan], *, yes: bool) -> bool:
    days = sum(span.after - span.first for span in spans)
    least = (
        f"Cost Explorer charges by the request: {counted(len(spans), 'request')} at least for {counted(days, 'day')}"
    )
    session.tell(f"{least}, {_price(session, len(spans))}.")
    return yes or click.confirm("Ask?", err=True)


def _price(session: Session, calls: int) -> str:
    from analyzer.prices import known_prices

    today = datetime.fromtimestamp(session.clock() / 1_000, UTC).date()
    price = known_prices(session.folder).price("us-east-1", "cost_explorer_request", today)
    amount: Decimal = price.cost(calls)
    return f"{amount:,.2f} {price.currency}"
