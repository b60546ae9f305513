"""What a history is made of, once folded: scopes, visits and tries.

A *visit* is one entry into a state, a *try* (an attempt) one go at its work. A *scope* is a place where states follow
one another: the top level, one branch of a Parallel's try, or one iteration of a Map's try.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED = "running", "succeeded", "failed", "timed_out", "aborted"
_FAILURES = (FAILED, TIMED_OUT)


class Scope(msgspec.Struct, eq=False):
    """Where a visit stands: the container (and its try) around it, its branch and iteration, its containers' names."""

    owner: Visit | None = None
    container: Try | None = None
    branch: int | None = None
    iteration: str | None = None
    path: str | None = None


TOP = Scope()
"""The top level, which is the same in every execution."""


class Inside(msgspec.Struct, eq=False):
    """What runs inside a container's try.

    `ended` is how many of its visits, in order, are known to have ended, `branches` how many were entered. `later` says
    what the container made of the failures in here when a redrive had gone on: its number, retried or caught, and by
    which state.
    """

    visits: list[Visit] = []
    ended: int = 0
    branches: int = 0
    later: tuple[int, str, str] | None = None


class Try(msgspec.Struct, eq=False):
    """One go at the work of a state: an attempt. Times are epoch milliseconds; None is not known or not yet."""

    number: int
    event_id: int
    outcome: str = RUNNING
    scheduled_at: int | None = None
    started_at: int | None = None
    submitted_at: int | None = None
    done_at: int | None = None
    ended_at: int | None = None
    backoff_ms: int | None = None
    error: str | None = None
    resource_type: str | None = None
    resource: str | None = None
    map_run_arn: str | None = None
    failed_by: Visit | None = None
    handled: str | None = None
    handled_by: str | None = None
    inside: Inside | None = None

    @property
    def is_failure(self) -> bool:
        """It ended without success by its own doing."""
        return self.outcome in _FAILURES

    def end(self, outcome: str, at: int, error: str | None = None) -> None:
        """Give the try its result. A result once given stays."""
        self.outcome = outcome
        self.ended_at = at
        if error is not None:
            self.error = error


class Visit(msgspec.Struct, eq=False):
    """One entry into a state, with its tries. `after` is the visit before it in the same scope.

    `id` is the event that opened the visit, `entry` the state's `*StateEntered`: another one, of an earlier run, when a
    redrive runs the state again. `closed` says that it ended with its container or execution without being left.
    """

    name: str
    type: str
    id: int
    entry: int
    prev: int
    entered_at: int
    scope: Scope
    after: Visit | None
    number: int
    redrive: int
    tries: list[Try]
    exited_at: int | None = None
    caught: bool = False
    closed: bool = False

    @property
    def has_failed(self) -> bool:
        """Its newest try failed, or it is a Fail state, which always does."""
        return self.type == "Fail" or self.tries[-1].is_failure

    @property
    def is_open(self) -> bool:
        """Neither left nor closed with its container or execution."""
        return self.exited_at is None and not self.closed


Place = Visit | Scope | None
"""Where an event stands: in a visit, in a scope between visits, or nowhere that is known."""


def adopt(container: Try, child: Visit) -> None:
    """Make a visit known to the container try it stands in."""
    if container.inside is None:
        container.inside = Inside()
    container.inside.visits.append(child)


def enclosing(place: Place) -> Iterator[Visit]:
    """The visits around a place, innermost first, itself included when it is a visit."""
    while place is not None:
        if isinstance(place, Visit):
            yield place
            place = place.scope
        else:
            place = place.owner


def innermost_failure(visit: Visit) -> Visit:
    """The state inside `visit` whose failure made it fail; `visit` itself when it failed by its own doing."""
    while (cause := visit.tries[-1].failed_by) is not None:
        visit = cause
    return visit


def close_children(container: Try, at: int) -> None:
    """End what was still open inside a container try that is over: aborted, unless it had a result of its own."""
    over = [container]
    while over:
        inside = over.pop().inside
        if inside is not None:
            for child in inside.visits[inside.ended :]:
                if child.is_open:
                    close(child, at)
                    over.append(child.tries[-1])
            inside.ended = len(inside.visits)


def close(visit: Visit, at: int) -> None:
    """End a visit that is cut off by its container or execution."""
    visit.closed = True
    last = visit.tries[-1]
    if last.outcome == RUNNING:
        _end_cut_off(visit, last, at)


def _end_cut_off(visit: Visit, last: Try, at: int) -> None:
    if visit.type == "Fail":
        last.end(FAILED, visit.entered_at)
    elif last.done_at is not None:
        last.end(SUCCEEDED, last.done_at)
    else:
        last.end(
            ABORTED, max(at, visit.entered_at, last.scheduled_at or 0, last.started_at or 0, last.submitted_at or 0)
        )
