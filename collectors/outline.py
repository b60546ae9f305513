"""What the events of a history say about the execution as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from store.events import Event, MapRun, time_ms

ENDINGS = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionAborted": "ABORTED",
    "ExecutionTimedOut": "TIMED_OUT",
}
"""The event types that end an execution, and the status that they leave it in."""


class Outline(NamedTuple):
    """An execution as its events tell it.

    `status` is that of the last event which ends it, None when none does or a redrive follows; `is_whole` says that the
    ids are 1..n and the end is there; `runs` counts the endings: one more than the redrives, once it has stopped.
    """

    events: int
    first_id: int
    last_id: int
    started_at: int | None
    stopped_at: int | None
    status: str | None
    runs: int
    redrives: int
    is_whole: bool
    map_runs: tuple[tuple[str, int], ...]


def ordered(events: Sequence[Event]) -> list[Event]:
    """The events by id, each id once: pages may overlap, and newest-first dumps run backwards."""
    by_id = {event.id: event for event in events}
    return [by_id[number] for number in sorted(by_id)]


def outline(events: Sequence[Event]) -> Outline:
    """The outline of events given in the order of their ids, each id once."""
    kinds = [event.type for event in events]
    ends = [index for index, kind in enumerate(kinds) if kind in ENDINGS]
    redriven = [index for index, kind in enumerate(kinds) if kind == "ExecutionRedriven"]
    is_over = bool(ends) and (not redriven or redriven[-1] < ends[-1])
    last = events[ends[-1]] if is_over else None
    return Outline(
        events=len(events),
        first_id=events[0].id if events else 0,
        last_id=events[-1].id if events else 0,
        started_at=time_ms(events[0].at) if events and kinds[0] == "ExecutionStarted" else None,
        stopped_at=time_ms(last.at) if last else None,
        status=ENDINGS[last.type] if last else None,
        runs=len(ends),
        redrives=len(redriven),
        is_whole=is_over and events[0].id == 1 and events[-1].id == len(events),
        map_runs=_map_runs(events),
    )


def _map_runs(events: Sequence[Event]) -> tuple[tuple[str, int], ...]:
    """The Map Runs that the events name, each with how often it was redriven."""
    named = [event.d for event in events if isinstance(event.d, MapRun) and event.d.mapRunArn]
    return tuple({run.mapRunArn: run.redriveCount or 0 for run in named}.items())
