"""The clock, the queue of what happens next, and the pen that writes events as AWS does."""

from __future__ import annotations

import heapq
from collections.abc import Generator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.analyzer.simulator.ledger import Ledger, Place, Visit
from tests.analyzer.simulator.program import Body

Steps = Generator[int | None, None, Any]
"""What a part of the execution does: it yields how long it waits, or None until it is woken."""

STARTED_AT = 1_790_812_800_000


class Failed(Exception):  # noqa: N818 -- it is no error of this program: a state failed, and nothing caught it
    """A state's failure, on its way up. `event_id` is the event that the next one points at."""

    def __init__(self, event_id: int, visit: Visit, innermost: Visit, error: str | None, at: int) -> None:
        super().__init__(visit.name)
        self.event_id = event_id
        self.visit = visit
        self.innermost = innermost
        self.error = error
        self.at = at


@dataclass(eq=False, repr=False)
class Process:
    """A part of the execution that goes on by itself."""

    steps: Steps
    is_dead: bool = False


@dataclass(eq=False, repr=False)
class Lane:
    """A row of states that is being run: the top level, a branch, an iteration."""

    place: Place
    body: Body
    index: int = 0
    loops: int = 0
    last_id: int = 0
    after: Visit | None = None
    current: Visit | None = None
    at_handler: bool = False
    is_done: bool = False
    failure: Failed | None = None
    process: Process | None = None
    iteration: int | None = None
    inner: list[Lane] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class World:
    """One execution while it is simulated."""

    random: Random
    trouble: float
    limit: int
    ledger: Ledger = field(default_factory=Ledger)
    events: list[dict[str, Any]] = field(default_factory=list)
    lanes_of_events: list[Lane | None] = field(default_factory=list)
    now: int = STARTED_AT
    is_over: bool = False
    _queue: list[tuple[int, float, Process]] = field(default_factory=list)

    def write(self, event_type: str, prev: int, lane: Lane | None = None, **details: Any) -> int:
        """Write an event; its id."""
        event: dict[str, Any] = {"timestamp": self.now, "type": event_type, "id": len(self.events) + 1}
        event["previousEventId"] = prev
        if details:
            kept = {key: value for key, value in details.items() if value is not None}
            event[_details_key(event_type)] = kept
        self.events.append(event)
        self.lanes_of_events.append(lane)
        return len(self.events)

    def luck(self, chance: float) -> bool:
        """Whether something happens that has this chance."""
        return self.random.random() > 1 - chance

    def pause(self) -> int:
        """How long something takes."""
        return self.random.choice((0, 0, 1, 7, 40))

    def start(self, steps: Steps) -> Process:
        """Let a part of the execution go on by itself."""
        process = Process(steps)
        self.wake(process)
        return process

    def wake(self, process: Process, after: int = 0) -> None:
        """Let a part that waits go on."""
        heapq.heappush(self._queue, (self.now + after, self.random.random(), process))

    def play(self) -> None:
        """Run until the execution is over or the history is full."""
        while self._queue and not self.is_over and len(self.events) < self.limit:
            at, _, process = heapq.heappop(self._queue)
            if process.is_dead:
                continue
            self.now = max(self.now, at)
            wait = next(process.steps, None)
            if wait is not None:
                self.wake(process, wait)
        self._queue.clear()

    def end(self, status: str, prev: int, error: str | None, cause: str | None, terminal: Visit | None) -> None:
        """The execution's own last event."""
        names = {"SUCCEEDED": "Succeeded", "FAILED": "Failed", "ABORTED": "Aborted", "TIMED_OUT": "TimedOut"}
        self.write(f"Execution{names[status]}", prev, error=error, cause=cause)
        self.ledger.finish(status, self.now, error, terminal)
        self.is_over = True

    def collapse(self, lane: Lane, visit: Visit) -> Steps:
        """`States.Runtime`: the execution ends at once, and only the cause's text says where."""
        error = "States.Runtime"
        if not visit.is_over:
            visit.last.end("failed", self.now, error)
        place = visit.place
        while place.owner is not None and place.container is not None:
            if not place.owner.is_over:
                place.container.end("failed", self.now, error)
            place = place.owner.place
        self.end("FAILED", lane.last_id, error, cause_at(visit), visit)
        yield None


def cause_at(visit: Visit) -> str:
    """How AWS words the cause of an error of its own."""
    return (
        f"An error occurred while executing the state '{visit.name}' (entered at the event id #{visit.entered_id})."
        " Invalid path '$.nothing'"
    )


def _details_key(event_type: str) -> str:
    if event_type.endswith("StateEntered"):
        return "stateEnteredEventDetails"
    if event_type.endswith("StateExited"):
        return "stateExitedEventDetails"
    return f"{event_type[0].lower()}{event_type[1:]}EventDetails"
