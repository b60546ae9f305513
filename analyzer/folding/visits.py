"""What a history is made of, once folded: scopes, visits and tries.

A *visit* is one entry into a state, a *try* (an attempt) one go at its work. A *scope* is a place where states follow
one another: the top level, one branch of a Parallel's try, or one iteration of a Map's try.
"""

from __future__ import annotations

from collections.abc import Iterator

RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED = "running", "succeeded", "failed", "timed_out", "aborted"
CONTAINERS = frozenset({"Map", "Parallel"})


class Scope:
    """Where a visit stands: the container try around it, its branch and iteration, the names of its containers."""

    __slots__ = ("branch", "container", "iteration", "path")

    def __init__(self, container: Try | None, branch: int | None, iteration: str | None, path: str | None) -> None:
        self.container = container
        self.branch = branch
        self.iteration = iteration
        self.path = path


TOP = Scope(None, None, None, None)
"""The top level, which is the same in every execution."""


class Try:
    """One go at the work of a state: an attempt. Times are epoch milliseconds; None is not known or not yet."""

    __slots__ = (
        "backoff_ms",
        "children",
        "done_at",
        "ended_at",
        "error",
        "event_id",
        "failed_by",
        "handled",
        "handled_by",
        "map_run_arn",
        "number",
        "outcome",
        "resource",
        "resource_type",
        "scheduled_at",
        "started_at",
        "submitted_at",
        "visit",
    )

    def __init__(self, visit: Visit, number: int, event_id: int) -> None:
        self.visit = visit
        self.number = number
        self.event_id = event_id
        self.outcome = RUNNING
        self.scheduled_at: int | None = None
        self.started_at: int | None = None
        self.submitted_at: int | None = None
        self.done_at: int | None = None
        self.ended_at: int | None = None
        self.backoff_ms: int | None = None
        self.error: str | None = None
        self.resource: str | None = None
        self.resource_type: str | None = None
        self.map_run_arn: str | None = None
        self.failed_by: Visit | None = None
        self.handled: str | None = None
        self.handled_by: str | None = None
        self.children: list[Visit] | None = None

    @property
    def is_failure(self) -> bool:
        """It ended without success by its own doing."""
        return self.outcome in (FAILED, TIMED_OUT)

    def end(self, outcome: str, at: int, error: str | None = None) -> None:
        """Give the try its result. A result once given stays."""
        self.outcome = outcome
        self.ended_at = at
        if error is not None:
            self.error = error


class Visit:
    """One entry into a state, with its tries. `after` is the visit before it in the same scope."""

    __slots__ = (
        "after",
        "caught",
        "closed",
        "entered_at",
        "exited_at",
        "id",
        "name",
        "number",
        "prev",
        "redrive",
        "scope",
        "tries",
        "type",
    )

    def __init__(
        self, name: str, state_type: str, event_id: int, prev: int, at: int, scope: Scope, after: Visit | None
    ) -> None:
        self.name = name
        self.type = state_type
        self.id = event_id
        self.prev = prev
        self.entered_at = at
        self.scope = scope
        self.after = after
        self.exited_at: int | None = None
        self.number = 1
        self.redrive = 0
        self.caught = False
        self.closed = False
        self.tries: list[Try] = [Try(self, 1, event_id)]
        if scope.container is not None:
            _adopt(scope.container, self)

    @property
    def is_open(self) -> bool:
        """Neither left nor closed with its container or execution."""
        return self.exited_at is None and not self.closed


def _adopt(container: Try, child: Visit) -> None:
    if container.children is None:
        container.children = []
    container.children.append(child)


def enclosing(place: Visit | Scope | None) -> Iterator[Visit]:
    """The visits around a place, innermost first, itself included when it is a visit."""
    while place is not None:
        if isinstance(place, Visit):
            yield place
            place = place.scope
        else:
            place = place.container.visit if place.container is not None else None


def innermost_failure(visit: Visit) -> Visit:
    """The state inside `visit` whose failure made it fail; `visit` itself when it failed by its own doing."""
    while (cause := visit.tries[-1].failed_by) is not None:
        visit = cause
    return visit


def close_children(container: Try, at: int) -> None:
    """End what was still open inside a container try that is over: aborted, unless it had a result of its own."""
    for child in container.children or ():
        if child.is_open:
            close(child, at)


def close(visit: Visit, at: int) -> None:
    """End a visit that is cut off by its container or execution, and all that is open inside it."""
    visit.closed = True
    last = visit.tries[-1]
    if last.outcome == RUNNING:
        _end_cut_off(visit, last, at)
    close_children(last, max(at, visit.entered_at))


def _end_cut_off(visit: Visit, last: Try, at: int) -> None:
    if visit.type == "Fail":
        last.end(FAILED, visit.entered_at)
    elif last.done_at is not None:
        last.end(SUCCEEDED, last.done_at)
    else:
        last.end(ABORTED, max(at, visit.entered_at))
