"""One execution, folded by itself: its row, its attempts, and what its history says about each failure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from analyzer.charges import Tariff
from analyzer.context import Context
from analyzer.prices import PriceBook
from analyzer.tables import fact_tables
from store.events import Event
from store.executions import kept_execution, map_runs_of
from store.folder import Store
from store.histories import unpacked
from store.machines import machines, revisions

Row = Mapping[str, Any]


class CloseUp(NamedTuple):
    """An execution: its row of `executions`, its rows of `attempts` by event, with all columns of `store.schema`.

    `causes` are the texts that AWS gives with an error, by the event_id of the attempt that failed; `cause` is that of
    the execution's own end. Both are empty where the history has none.
    """

    execution: Row
    attempts: list[Row]
    causes: dict[int, str]
    cause: str


def close_up(store: Store, arn: str, book: PriceBook) -> CloseUp | None:
    """The execution of this ARN, straight from its history; None when the store has none of that ARN."""
    kept = kept_execution(store.db, arn)
    if kept is None:
        return None
    context = Context(machines(store.db), revisions(store.db))
    map_runs = {row.arn: row for row in map_runs_of(store.db, kept.id)}
    tables = fact_tables(context, Tariff(book), [kept], map_runs)
    attempts = sorted(tables["attempts"].to_pylist(), key=lambda row: int(row["event_id"]))
    events = unpacked(kept.events) if kept.events is not None else []
    return CloseUp(tables["executions"].to_pylist()[0], attempts, causes_by_attempt(events, attempts), _cause(events))


def causes_by_attempt(events: Sequence[Event], attempts: Sequence[Row]) -> dict[int, str]:
    """The cause behind each failed attempt, by its event_id: that of the event which ended it."""
    before = {event.id: event.prev for event in events}
    failed = {row["event_id"]: row for row in attempts if row["outcome"] in ("failed", "timed_out")}
    causes: dict[int, str] = {}
    for event in events:
        cause = str(getattr(event.d, "cause", None) or "")
        row = _failed_by(event, before, failed) if cause and not _ends_execution(event) else None
        if row is not None:
            causes.setdefault(row["event_id"], cause)
    last = next((row for row in failed.values() if row["is_terminal"]), None)
    if last is not None and _cause(events):
        causes.setdefault(last["event_id"], _cause(events))
    return causes


def _failed_by(event: Event, before: Mapping[int, int], failed: Mapping[int, Row]) -> Row | None:
    """The attempt that an event ended: the nearest on the way back that failed then and so; else the only such one."""
    same = {key: row for key, row in failed.items() if row["ended_at"] == event.at and row["error"] == event.d.error}
    nearest = next((same[id_before] for id_before in _way_back(event, before) if id_before in same), None)
    return nearest if nearest is not None or len(same) != 1 else next(iter(same.values()))


def _way_back(event: Event, before: Mapping[int, int]) -> Iterator[int]:
    """The ids of the events that led to this one, nearest first."""
    here = event.id
    while here in before and before[here] < here:
        here = before[here]
        yield here


def _ends_execution(event: Event) -> bool:
    return event.type.startswith("Execution")


def _cause(events: Sequence[Event]) -> str:
    """The cause with which the execution ended, if the last event that ends one has any."""
    causes = (getattr(event.d, "cause", None) for event in reversed(events) if _ends_execution(event))
    return next(filter(None, causes), "")
