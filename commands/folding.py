"""Folding what changed: at the end of a command that wrote, and first of all in one that reads."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from rich.console import Console

from analyzer.facts import Refreshed, fold_name, is_stale, refresh
from analyzer.prices import PriceBook, known_prices
from commands.session import Session
from commands.wording import counted
from commands.workers import WORTH_A_FORK, WORTH_A_START, workers
from store.errors import StoreBusyError, StoreUnwritableError
from store.facts import execution_ids, mark_all_stale, stale_days
from store.folder import Store, readable_store, writable_store


def folded(session: Session, store: Store, pool: Executor | None = None) -> Refreshed:
    """Fold the changed days of a store that this process writes to; with helpers of its own unless it is given some."""
    book = known_prices(store.folder)
    with working("folding histories into tables"):
        if pool is not None:
            return refresh(store, book, session.clock(), pool)
        with workers(wanted=_has_more_than(WORTH_A_START, store, book)) as helpers:
            return refresh(store, book, session.clock(), helpers)


def _has_more_than(executions: int, store: Store, book: PriceBook) -> bool:
    """Whether more than so many executions are to be folded."""
    counted_so_far = 0
    for stale in stale_days(store, fold_name(book)):
        counted_so_far += len(execution_ids(store.db, stale.day))
        if counted_so_far > executions:
            return True
    return False


def said_folded(done: Refreshed) -> str:
    """What was folded, in a sentence; empty when nothing was."""
    if not done.days:
        return ""
    tables = f"{counted(done.executions, 'execution')} and {counted(done.attempts, 'attempt')}"
    return f"folded {counted(done.days, 'day')}: {tables}"


def say_folded(session: Session, done: Refreshed) -> None:
    """Say what was folded, if anything was."""
    sentence = said_folded(done)
    if sentence:
        session.say(sentence)


def fold_leftovers(session: Session) -> None:
    """Fold what a crash left unfolded, where nobody else is writing; else say that it is missing.

    Raises what opening a store raises.
    """
    book = known_prices(session.folder)
    with readable_store(session.folder) as store:
        if not is_stale(store, book):
            return
        is_much = _has_more_than(WORTH_A_FORK, store, book)
    try:
        with workers(wanted=is_much, is_first=True) as pool, writable_store(session.folder) as store:
            folded(session, store, pool)
    except (StoreBusyError, StoreUnwritableError) as error:
        session.tell(f"Read only: {error.sentence}. What it has not folded yet is missing here.")


def rebuilt(session: Session) -> Refreshed:
    """Fold every execution of a store anew. Raises what opening a store raises; one that is not there is not made."""
    with readable_store(session.folder) as store:
        is_much = store.db.table("executions").count > WORTH_A_FORK
    with workers(wanted=is_much, is_first=True) as pool, writable_store(session.folder) as store:
        mark_all_stale(store.db)
        return folded(session, store, pool)


@contextmanager
def working(what: str) -> Iterator[None]:
    """A sign of life on a terminal while something takes its time; elsewhere nothing."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(f"{what} …"):
        yield
