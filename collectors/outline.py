"""What the events of a history say about the execution as a whole, and the history packed for the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from store.events import EVENTS, Event, MapRun
from store.histories import assembled, compressed, taken_from
from store.redaction import redacted, without_accounts

ENDINGS = {
    EVENTS["ExecutionSucceeded"]: "SUCCEEDED",
    EVENTS["ExecutionFailed"]: "FAILED",
    EVENTS["ExecutionAborted"]: "ABORTED",
    EVENTS["ExecutionTimedOut"]: "TIMED_OUT",
}
"""The events that end an execution, and the status that they leave it in."""

MOST_SHAPES = 2_000

_STARTED, _REDRIVEN = EVENTS["ExecutionStarted"], EVENTS["ExecutionRedriven"]


class Shape(NamedTuple):
    """What a history says whenever it happened: the same for all executions that went the same way.

    `status` is that of the last event which ends it, at the position `end`: None and -1 when none does or a redrive
    follows. `runs` counts the endings: one more than the redrives, once it has stopped. `is_whole` says that the ids
    are 1..n and the end is there; `is_ordered` that the events come in the order of their ids, each once.
    """

    is_ordered: bool
    is_whole: bool
    begins: bool
    end: int
    status: str | None
    runs: int
    redrives: int
    last_id: int


def shape_of(events: Sequence[Event]) -> Shape:
    """The shape of a history of at least one event."""
    kinds = [event.__class__ for event in events]
    ids = [event.id for event in events]
    is_counted = ids == list(range(1, len(ids) + 1))
    end = next((place for place in reversed(range(len(kinds))) if kinds[place] in ENDINGS), -1)
    is_over = end >= 0 and _REDRIVEN not in kinds[end:]
    return Shape(
        is_ordered=is_counted or (ids == sorted(ids) and (len(set(ids)) == len(ids) or ids[0] < 1)),
        is_whole=is_over and is_counted,
        begins=kinds[0] is _STARTED,
        end=end if is_over else -1,
        status=ENDINGS[kinds[end]] if is_over else None,
        runs=sum(map(kinds.count, ENDINGS)),
        redrives=kinds.count(_REDRIVEN),
        last_id=ids[-1],
    )


def order_of(events: Sequence[Event]) -> list[int]:
    """The positions of the events by id, each id once: pages may overlap, and newest-first dumps run backwards.

    Ids below 1 are none, as in recordings that mask them: such events all stay.
    """
    masked = [place for place, event in enumerate(events) if event.id < 1]
    numbered = {event.id: place for place, event in enumerate(events) if event.id >= 1}
    return [*masked, *(numbered[number] for number in sorted(numbered))]


class Packed(NamedTuple):
    """A history in its stored form, and what it says. Times are epoch milliseconds; unknown is None."""

    blob: bytes
    events: int
    shape: Shape
    started_at: int | None
    stopped_at: int | None
    first_at: int | None = None


class Packer:
    """Packs histories, and remembers what their structures say: executions of one machine repeat a few of them.

    Causes are redacted on the way; with `hides_accounts` the numbers of AWS accounts are taken out of them too.
    """

    def __init__(self, *, hides_accounts: bool = False) -> None:
        self._clean = without_accounts if hides_accounts else redacted
        self._shapes: dict[bytes, Shape] = {}

    def packed(self, events: Sequence[Event], times: Sequence[int]) -> Packed:
        """The history of these events, in whatever order, with their times. The events are used up by it."""
        structure, causes = taken_from(events, self._clean)
        shape = self._shapes.get(structure) or self._learnt(structure, events)
        if not shape.is_ordered:
            return self._reordered(events, times, causes)
        return Packed(
            compressed(assembled(structure, times, causes)),
            len(times),
            shape,
            times[0] if shape.begins else None,
            times[shape.end] if shape.end >= 0 else None,
            times[0],
        )

    def _learnt(self, structure: bytes, events: Sequence[Event]) -> Shape:
        if len(self._shapes) >= MOST_SHAPES:
            self._shapes.clear()
        self._shapes[structure] = shape = shape_of(events)
        return shape

    def _reordered(self, events: Sequence[Event], times: Sequence[int], causes: dict[int, str]) -> Packed:
        for place, cause in causes.items():  # they are taken again, each at its new place
            events[place].d.cause = cause
        order = order_of(events)
        return self.packed([events[place] for place in order], [times[place] for place in order])


def map_runs_of(events: Sequence[Event]) -> tuple[tuple[str, int], ...]:
    """The Map Runs that the events name, each with how often it was redriven."""
    named = [event.d for event in events if isinstance(event.d, MapRun) and event.d.mapRunArn]
    return tuple({run.mapRunArn: run.redriveCount or 0 for run in named}.items())
