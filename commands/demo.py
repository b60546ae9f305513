"""`stepscope demo`: sample data in a dashboard, without an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

import sample_data
from commands.session import Session, examples, pass_session, store_option
from store.errors import MisuseError, StepscopeError

if TYPE_CHECKING:
    from collectors.replay import Replay
    from store.folder import Store

DEFAULT_FOLDER = Path("stepscope-demo")
_EPOCH, _DAY_MS = date(1970, 1, 1), 86_400_000
_DAMAGED = "Set Stepscope up again: `make setup`."


@click.command()
@click.option("--now", metavar="DATE", help="The day on which the last run was yesterday.  [default: today]")
@click.option("--no-dashboard", is_flag=True, help="Fill the store and end.")
@click.option(
    "--port", type=click.IntRange(1, 65_535), help="Port of the dashboard.  [default: 8501, or the next free]"
)
@store_option()
@pass_session
@examples("stepscope demo", "stepscope demo --now 2026-10-01 --no-dashboard")
def demo(session: Session, now: str | None, no_dashboard: bool, port: int | None) -> None:
    """Sample data in a dashboard on this machine; no AWS account is needed.

    The data goes into a store of its own, ./stepscope-demo unless --store names another; on another day it is replaced.
    """
    from commands.dashboard import serve

    today = _date(now) if now is not None else datetime.fromtimestamp(session.clock() / 1_000, UTC).date()
    clock = session.clock if now is None else partial(_noon_ms, today)
    session = replace(session, named=session.named or DEFAULT_FOLDER, clock=clock)
    fill(session, today)
    if no_dashboard:
        session.say(f"Look at it with: stepscope dashboard --store {session.folder}")
        return
    serve(session, port)


def fill(session: Session, today: date) -> None:
    """Bring the sample data into the store, by the collector and the import that fetch one's own; say what it is."""
    from collectors.replay import replay
    from commands.folding import folded, working
    from commands.sample import refuse_own
    from store.emptying import empty
    from store.folder import writable_store

    api = replay(Path(sample_data.__file__).parent, today)
    with writable_store(session.folder) as store, working("replaying the sample data"):
        refuse_own(store)
        if not _is_there(store, api):
            empty(store.db)
            _collect(session, store, api)
        folded(session, store)
    session.say(f"{api.about.sentence}\nThe store is {session.folder}.")


def _is_there(store: Store, api: Replay) -> bool:
    """Whether the store holds the sample data with the same dates already, all of it."""
    from commands.sample import KIND
    from store.freshness import freshness
    from store.passes import passes

    last_day_ms = freshness(store.db).last_day_ms
    newest = passes(store.db, limit=1)
    are_complete = [one.kind for one in newest if one.outcome == "complete"] == [KIND]
    return are_complete and last_day_ms == (api.about.last_day - _EPOCH).days * _DAY_MS


def _collect(session: Session, store: Store, api: Replay) -> None:
    from collectors.connections import Connection, Meter
    from collectors.job import run_pass
    from collectors.scope import Options, Silent
    from collectors.sessions import Target
    from commands.sample import KIND

    target = Target(region=api.region)
    connection = Connection("sample data", api, Meter())
    result = run_pass(store, [target], Options(since=0), session.clock, Silent(), lambda _: connection, kind=KIND)
    if result.problems:
        raise StepscopeError(f"the sample data is not whole: {result.problems[0]}", _DAMAGED)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise MisuseError(f"{text!r} is no date", "Write --now as 2026-10-01.") from error


def _noon_ms(day: date) -> int:
    return (day - _EPOCH).days * _DAY_MS + _DAY_MS // 2
