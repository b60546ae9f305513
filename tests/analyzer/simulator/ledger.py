"""The ground truth: what a simulated execution did, noted by the simulator as it does it and not read from events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

FAILURES = ("failed", "timed_out")


@dataclass(eq=False, repr=False)
class Place:
    """Where states follow one another: the top level, a branch, or an iteration."""

    owner: Visit | None = None
    container: Try | None = None
    branch: int | None = None
    iteration: str | None = None
    path: str | None = None

    def inside(self, owner: Visit, *, branch: int | None = None, index: int | None = None) -> Place:
        """A place inside a container that stands here."""
        name = owner.name.replace("/", "%2F")
        iteration = self.iteration
        if index is not None:
            iteration = str(index) if iteration is None else f"{iteration}/{index}"
        path = name if self.path is None else f"{self.path}/{name}"
        return Place(owner, owner.tries[-1], self.branch if branch is None else branch, iteration, path)


@dataclass(eq=False, repr=False)
class Try:
    """One go at a state's work."""

    number: int
    event_id: int
    outcome: str = "running"
    scheduled_at: int | None = None
    started_at: int | None = None
    submitted_at: int | None = None
    done_at: int | None = None
    ended_at: int | None = None
    backoff_ms: int | None = None
    error: str | None = None
    is_error_of_fail: bool = False
    resource_type: str | None = None
    resource: str | None = None
    map_run_arn: str | None = None
    handled: str | None = None
    handled_by: str | None = None
    children: list[Visit] = field(default_factory=list)

    @property
    def has_failed(self) -> bool:
        return self.outcome in FAILURES

    def end(self, outcome: str, at: int, error: str | None = None) -> None:
        """Give the try its result; the first one stays."""
        if self.outcome == "running":
            self.outcome, self.ended_at, self.error = outcome, at, error if error is not None else self.error

    @property
    def last_at(self) -> int:
        """The time of its last event so far."""
        return max(self.scheduled_at or 0, self.started_at or 0, self.submitted_at or 0, self.done_at or 0)


@dataclass(eq=False, repr=False)
class Visit:
    """One entry into a state. `entered_id` is its `*StateEntered` event, of an earlier run when it is run again."""

    name: str
    type: str
    id: int
    entered_id: int
    prev: int
    entered_at: int
    place: Place
    after: Visit | None
    number: int
    redrive: int
    tries: list[Try]
    exited_at: int | None = None
    is_over: bool = False
    is_resumed: bool = False
    caught: Visit | None = None

    @property
    def last(self) -> Try:
        return self.tries[-1]


@dataclass(eq=False, repr=False)
class Ledger:
    """All of an execution. `caught` are the innermost states of the failures caught, in order."""

    visits: list[Visit] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    iterations: int = 0
    entries: int = 0
    redrives: list[tuple[int, int]] = field(default_factory=list)
    caught: list[Visit] = field(default_factory=list)
    status: str | None = None
    error: str | None = None
    terminal: Visit | None = None
    last: Visit | None = None
    is_last_known: bool = True
    started_at: int = 0
    resumed_at: int | None = None
    duration_ms: int | None = None

    def enter(
        self, name: str, state_type: str, ids: tuple[int, int], at: int, place: Place, after: Visit | None
    ) -> Visit:
        """A state is entered, by an event with this id and predecessor."""
        self.entries += 1
        return self._visit(name, state_type, ids[0], ids, at, place, after)

    def again(self, visit: Visit, event_id: int, at: int) -> Visit:
        """A state is run again by a redrive, without being entered."""
        visit.is_resumed = False
        ids = visit.entered_id, visit.prev
        return self._visit(visit.name, visit.type, event_id, ids, at, visit.place, visit.after)

    def _visit(
        self, name: str, state_type: str, own: int, ids: tuple[int, int], at: int, place: Place, after: Visit | None
    ) -> Visit:
        self.counts[name] = self.counts.get(name, 0) + 1
        tries = [Try(1, own)]
        visit = Visit(name, state_type, own, *ids, at, place, after, self.counts[name], len(self.redrives), tries)
        self.visits.append(visit)
        if place.container is not None:
            place.container.children.append(visit)
        resume(place.owner)
        return visit

    def next_try(self, visit: Visit, event_id: int, at: int) -> Try:
        """The last try failed and is followed by another."""
        before = visit.last
        before.handled, before.handled_by = "retried", visit.name
        backoff = None if before.ended_at is None else at - before.ended_at
        visit.tries.append(Try(before.number + 1, event_id, backoff_ms=backoff))
        return visit.last

    def settle(self, attempt: Try, handled: str, by: str) -> None:
        """What became of a container's failed try became of the failures inside it."""
        for visit in _within(attempt):
            for inner in visit.tries:
                if inner.has_failed and inner.handled is None:
                    inner.handled, inner.handled_by = handled, by

    def catch(self, visit: Visit, innermost: Visit) -> None:
        """A state's Catch turned its failure aside."""
        if visit.last.has_failed and visit.last.handled is None:
            visit.last.handled, visit.last.handled_by = "caught", visit.name
        self.settle(visit.last, "caught", visit.name)
        visit.caught = innermost
        self.caught.append(innermost)

    def close(self, attempt: Try, at: int) -> None:
        """A container's try is over, and what was still open in it is cut off."""
        for child in attempt.children:
            self.cut_off(child, at)

    def cut_off(self, visit: Visit, at: int) -> None:
        """End a visit, if it is open, because what encloses it ended."""
        if visit.exited_at is not None:
            return
        if visit.is_over:
            visit.is_resumed = False
            self.close(visit.last, at)
            return
        visit.is_over = True
        last = visit.last
        if visit.type == "Fail":
            last.end("failed", visit.entered_at, self.error if visit.place.owner is None else None)
        elif last.done_at is not None:
            last.end("succeeded", last.done_at)
        last.end("aborted", max(at, visit.entered_at, last.last_at))
        self.close(last, last.ended_at or at)

    def finish(self, status: str, at: int, error: str | None, terminal: Visit | None) -> None:
        """The execution ended."""
        self.status, self.error, self.terminal = status, error, terminal
        self.last = self._last_open() if status in ("ABORTED", "TIMED_OUT") else None
        if self.resumed_at is not None:
            self.duration_ms = (self.duration_ms or 0) + at - self.resumed_at
        for visit in self.visits:
            self.cut_off(visit, at)
            visit.is_resumed = False
        for visit in self.visits:
            for attempt in visit.tries:
                if attempt.has_failed and attempt.handled is None:
                    attempt.handled = "uncaught"

    def _last_open(self) -> Visit | None:
        return next((visit for visit in reversed(self.visits) if not visit.is_over or visit.is_resumed), None)

    def leave_open(self) -> None:
        """The history ends before the execution does."""
        self.last = self._last_open()


def resume(visit: Visit | None) -> None:
    """A redrive goes on inside these containers, which ended with an earlier run."""
    while visit is not None and visit.is_over:
        visit.is_resumed = True
        visit = visit.place.owner


def _within(attempt: Try) -> Iterator[Visit]:
    for child in attempt.children:
        yield child
        for inner in child.tries:
            yield from _within(inner)
