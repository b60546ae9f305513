"""`stepscope issues`: the faults behind failures, and what was decided about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from commands.wording import counted
from store.errors import MisuseError

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 20


@click.group()
def issues() -> None:
    """List the faults behind failures, and mute, resolve or reopen one.

    The ids are those of the report `issues` and of the page of that name. A mark is kept in the store and changes no
    figure.
    """


@issues.command("list")
@click.option("--all", "shows_all", is_flag=True, help="Muted, resolved and gone ones too.")
@store_option()
@pass_session
@examples("stepscope issues list", "stepscope issues list --all")
def list_(session: Session, shows_all: bool) -> None:
    """List the open issues: those that are back or new first."""
    found = _issues(session)
    is_open = (found["mark"] == "open") & (found["phase"] != "gone")
    listed = found if shows_all else found[is_open].head(SHOWN)
    rows: list[Any] = list(listed.itertuples())
    for row in rows:
        hit = f"{counted(row.executions, 'execution')}, {row.ended:,} ended by it"
        session.say(f"{row.issue}  {row.phase:<9} {row.mark:<8} {hit}")
        session.say(f"            {row.machine} / {row.state}  {row.error}  {row.cause}".replace("<NA>", ""))
    left = len(found) - len(listed)
    session.say(f"{counted(left, 'more issue')}: see --all." if left else "These are all." if len(found) else NONE)


NONE = "There are no issues: nothing failed."


@issues.command()
@click.argument("issue", metavar="ID")
@click.option("--until", type=click.IntRange(1), metavar="N", help="Open it again after N more executions.")
@store_option()
@pass_session
@examples("stepscope issues mute 39c7654c84 --until 100")
def mute(session: Session, issue: str, until: int | None) -> None:
    """Do not show an issue among the open ones, for ever or until it hit N more executions."""
    from store.issue_marks import MUTED

    _mark(session, issue, MUTED, until)
    span = f" until {counted(until, 'more execution')}" if until else ""
    session.say(f"{issue} is muted{span}.")


@issues.command()
@click.argument("issue", metavar="ID")
@store_option()
@pass_session
@examples("stepscope issues resolve 39c7654c84")
def resolve(session: Session, issue: str) -> None:
    """Call an issue resolved: it opens again when it happens again."""
    from store.issue_marks import RESOLVED

    _mark(session, issue, RESOLVED)
    session.say(f"{issue} is resolved.")


@issues.command()
@click.argument("issue", metavar="ID")
@store_option()
@pass_session
@examples("stepscope issues reopen 39c7654c84")
def reopen(session: Session, issue: str) -> None:
    """Take back what was decided about an issue."""
    from store.folder import writable_store
    from store.issue_marks import unmark_issue

    _known(session, issue)
    with writable_store(session.folder) as store:
        was_marked = unmark_issue(store.db, issue)
    session.say(f"{issue} is open." if was_marked else f"{issue} was open already.")


def _mark(session: Session, issue: str, mark: str, until: int | None = None) -> None:
    from store.folder import writable_store
    from store.issue_marks import mark_issue

    _known(session, issue)
    with writable_store(session.folder) as store:
        mark_issue(store.db, issue, mark, session.clock(), until)


def _known(session: Session, issue: str) -> None:
    """Raise MisuseError for an id that no issue of the store has."""
    if issue not in set(_issues(session)["issue"]):
        raise MisuseError(f"there is no issue {issue!r}", "`stepscope issues list --all` shows all of them.")


def _issues(session: Session) -> pd.DataFrame:
    """The issues of the whole store."""
    from analyzer.prices import bundled_prices
    from analyzer.reading import facts_within
    from analyzer.registry import analysis_named
    from analyzer.window import Window
    from commands.folding import fold_leftovers

    fold_leftovers(session)
    with facts_within(session.folder, Window(), {}, bundled_prices(), session.clock()) as facts:
        return analysis_named("issues").run(facts)
