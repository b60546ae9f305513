"""`stepscope prices`: what is known of AWS's prices, and reading them anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from commands.wording import counted
from store.errors import FileUnreadableError, StepscopeError

if TYPE_CHECKING:
    from analyzer.prices import Price
    from analyzer.prices.offers import Offers


@click.group(no_args_is_help=False)
def prices() -> None:
    """AWS's list prices: what is known of them, from whom and since when, and reading them from AWS."""


@prices.command(name="list")
@click.option("--region", "regions", multiple=True, metavar="REGION", help="Only this Region; may be repeated.")
@click.option("--all", "everything", is_flag=True, help="Prices that no longer hold, too.")
@store_option()
@pass_session
@examples("stepscope prices list --region eu-west-1", "stepscope prices list --all")
def list_(session: Session, regions: tuple[str, ...], everything: bool) -> None:
    """Every price that is known: its Region, unit, figure, since when it holds, when it was checked, and its source."""
    from analyzer.prices import disputed_prices, known_prices

    book = known_prices(session.folder)
    known = [entry for entry in book.entries if _is_wanted(entry, regions) and (everything or entry.end is None)]
    for entry in known:
        session.say(_line(entry))
    for entry in disputed_prices():
        if _is_wanted(entry, regions):
            session.say(f"{_line(entry)}  not used: sources disagree")
    if not known:
        raise StepscopeError("no price is known there", "`stepscope prices refresh` reads AWS's Price List.")
    say_stale(session, known)


def _is_wanted(entry: Price, regions: Sequence[str]) -> bool:
    return not regions or entry.region in regions


def _line(entry: Price) -> str:
    figures = [f"{entry.price:f}", *(f"{tier.price:f} above {_plain(tier.above)}" for tier in entry.tiers)]
    held = f"from {entry.start}" + (f" to {entry.end}" if entry.end else "")
    what = f"{entry.region:<15} {entry.currency} {', then '.join(figures)} per {entry.unit}"
    return f"{what}, {held}, checked {entry.checked}: {entry.source}"


def _plain(exact: Decimal) -> str:
    return f"{exact:,f}"


@prices.command()
@click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Read a Price List bulk file (index.json of AmazonStates) instead of asking AWS.",
)
@click.option(
    "--region", "regions", multiple=True, metavar="REGION", help="Only this Region's prices; may be repeated."
)
@click.option("--profile", metavar="NAME", help="Profile of the AWS CLI.  [default: its own choice]")
@click.option("--role-arn", metavar="ARN", help="Role to assume first.")
@click.option("--endpoint-url", metavar="URL", help="Ask this address instead of AWS's.")
@store_option()
@pass_session
@examples(
    "stepscope prices refresh",
    "stepscope prices refresh --region cn-north-1 --profile beijing",
    "stepscope prices refresh --file index.json",
)
def refresh(
    session: Session,
    path: Path | None,
    regions: tuple[str, ...],
    profile: str | None,
    role_arn: str | None,
    endpoint_url: str | None,
) -> None:
    """Read AWS's prices of today and keep them with the store, beside those that held before.

    They replace the prices that come with Stepscope from the day on which AWS says that they took effect. The tables
    are priced anew by the next report. Asking needs `pricing:GetProducts` and costs nothing.
    """
    from analyzer.prices.offers import offers_of_api, offers_of_file
    from collectors.aws import Connector
    from collectors.pricing import price_list
    from collectors.sessions import Target

    today = _today(session)
    if path is not None:
        offers = offers_of_file(_bytes_of(path), today)
    else:
        target = Target(None, profile, role_arn, endpoint_url=endpoint_url)
        connect = Connector()
        texts = [text for region in regions or (None,) for text in price_list(connect, target, region)]
        offers = offers_of_api(texts, today)
    found = [entry for entry in offers.prices if _is_wanted(entry, regions)]
    for sentence in offers.refused:
        session.tell(f"left out: {sentence}")
    _keep(session, found)
    _judge(offers)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadableError(f"{path} cannot be read: {error}") from error


def _keep(session: Session, found: Sequence[Price]) -> None:
    from analyzer.prices import file_of, known_prices, prices_of
    from analyzer.prices.offers import kept_with
    from store.prices import keep_prices, kept_prices

    if not found:
        hint = "Check --region; the file must be that of the service AmazonStates."
        raise StepscopeError("the Price List has no price of Step Functions there; nothing was changed", hint)
    before = known_prices(session.folder)
    kept = kept_prices(session.folder)
    merged = kept_with(prices_of(kept) if kept else (), found)
    path = keep_prices(session.folder, file_of(merged))
    after = known_prices(session.folder)
    regions = counted(len({entry.region for entry in found}), "Region")
    session.say(f"{path}  {counted(len(found), 'price')} of {regions}, {_changed(before.entries, after.entries)}")


def _changed(before: Iterable[Price], after: Iterable[Price]) -> str:
    """In words, how many figures hold now that did not before."""
    old, new = ({(e.region, e.dimension, e.price, e.tiers) for e in es if e.end is None} for es in (before, after))
    return f"{len(new - old):,} of them new or changed" if new - old else "all as they were known"


def _judge(offers: Offers) -> None:
    if offers.refused:
        raise StepscopeError(f"{counted(len(offers.refused), 'price')} could not be taken", "They are named above.")


def say_stale(session: Session, used: Iterable[Price]) -> None:
    """Say so when one of these prices has not been checked for half a year."""
    from analyzer.prices import stale_note

    checked = min((entry.checked for entry in used if entry.end is None), default=None)
    note = stale_note(checked, _today(session)) if checked else ""
    if note:
        session.tell(note)


def _today(session: Session) -> date:
    return datetime.fromtimestamp(session.clock() / 1_000, UTC).date()
