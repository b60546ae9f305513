"""The fold: the events of one execution, in one forward pass by id, into visits and tries.

Every event is attributed by ancestry, through `previousEventId`, never by adjacency or by name order: siblings of a
Parallel or a concurrent Map interleave. What each pattern of events means, and the recordings that show it, is in
docs/histories.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from analyzer.visits import (
    FAILED,
    RUNNING,
    SUCCEEDED,
    TIMED_OUT,
    TOP,
    Scope,
    Try,
    Visit,
    close,
    close_children,
    enclosing,
    innermost_failure,
)
from store.events import EVENTS, Event, UnknownEvent, time_ms


class Asl(Protocol):
    """What the fold asks of a definition."""

    def branch_of(self, first_state: str) -> int | None:
        """The index of the Parallel branch that starts at this state."""

    def error_of(self, fail_state: str) -> str | None:
        """The literal error of a Fail state."""


class Run:
    """An execution, folded. `status` is None without a terminal event; times are epoch milliseconds."""

    __slots__ = (
        "asl",
        "caught",
        "cause",
        "completeness",
        "duration_ms",
        "entries",
        "error",
        "event_count",
        "first_at",
        "first_caught",
        "iterations",
        "last",
        "last_at",
        "places",
        "redrives",
        "resumed_at",
        "segment_at",
        "status",
        "terminal",
        "unknown_events",
        "version",
        "visit_counts",
        "visits",
    )

    def __init__(self, asl: Asl | None) -> None:
        self.asl = asl
        self.status: str | None = None
        self.error: str | None = None
        self.cause: str | None = None
        self.version: tuple[str | None, str | None] = (None, None)
        self.completeness = "complete"
        self.event_count = 0
        self.entries = 0
        self.iterations = 0
        self.unknown_events = 0
        self.caught = 0
        self.first_caught: Visit | None = None
        self.terminal: Visit | None = None
        self.last: Visit | None = None
        self.first_at: int | None = None
        self.last_at: int | None = None
        self.segment_at: int | None = None
        self.duration_ms: int | None = None
        self.redrives: list[tuple[int, int]] = []
        self.visits: list[Visit] = []
        self.visit_counts: dict[str, int] = {}
        self.places: dict[int, Visit | Scope | None] = {}

    @property
    def redrive(self) -> int:
        """How often the execution was redriven so far."""
        return len(self.redrives)


def folded(events: Sequence[Event], asl: Asl | None = None) -> Run:
    """The visits and tries of one execution, from its events in any order.

    `asl` settles what events do not say: the order of branches and the error of a Fail state inside a container.
    A history that lacks its end or some ids gives what it holds, with `completeness` saying so; one whose ids are
    unusable gives counts only.
    """
    run = Run(asl)
    ordered = _ordered(events)
    run.event_count = len(ordered)
    if not _has_usable_ids(ordered):
        return _counted_only(run, ordered)
    handlers, places = HANDLERS, run.places
    for event in ordered:
        at = event.at
        ms = int(at * 1000 + 0.5) if at.__class__ is float and at < _SECONDS_BELOW else time_ms(at)
        places[event.id] = handlers[event.__class__](run, event, ms)
        run.last_at = ms
    run.completeness = _completeness(run, ordered)
    run.last = _last_open(run)
    return run


_SECONDS_BELOW = 1e11


def _ordered(events: Sequence[Event]) -> list[Event]:
    """The events by id, each id once; as given when they already are."""
    if all(event.id == position for position, event in enumerate(events, 1)):
        return list(events)
    if not _has_usable_ids(events):
        return list(events)
    return [event for _, event in sorted({event.id: event for event in events}.items())]


def _has_usable_ids(events: Sequence[Event]) -> bool:
    return all(event.id > 0 for event in events)


def _counted_only(run: Run, events: Sequence[Event]) -> Run:
    """Of a history with masked ids: what can be counted, and its end."""
    run.completeness = "masked"
    for event in events:
        run.entries += event.type.endswith("StateEntered")
        run.iterations += event.type == "MapIterationStarted"
        run.redrives += [(0, time_ms(event.at))] * (event.type == "ExecutionRedriven")
        if event.type in _STATUS_OF_END:
            run.status = _STATUS_OF_END[event.type]
            run.error = event.d.error if event.d else None
    return run


def _completeness(run: Run, events: Sequence[Event]) -> str:
    if events and (events[0].id != 1 or events[-1].id != len(events)):
        return "gap"
    return "complete" if run.status else "cut"


def _last_open(run: Run) -> Visit | None:
    """The innermost state still open, the last entered when several: whatever is inside a state was entered later."""
    if run.status is not None:
        return run.last
    return next((visit for visit in reversed(run.visits) if visit.is_open), None)


# Finding places


def _open_container(place: Visit | Scope | None, state_type: str) -> Visit | None:
    """The nearest container of this type around a place that has not failed or been left."""
    for visit in enclosing(place):
        if visit.type == state_type and visit.is_open:
            return visit
    return None


def _named(run: Run, place: Visit | Scope | None, name: str, state_type: str) -> Visit | None:
    """The nearest visit of this name around a place that was not left; else the last such visit of the run."""
    for visit in enclosing(place):
        if visit.name == name and visit.type == state_type and visit.exited_at is None:
            return visit
    for visit in reversed(run.visits):
        if visit.name == name and visit.type == state_type and visit.exited_at is None:
            return visit
    return None


def _position(run: Run, prev: int, name: str) -> tuple[Scope, Visit | None]:
    """The scope in which a state is entered, and the visit before it there."""
    place = run.places.get(prev)
    if place is None:
        return TOP, None
    if isinstance(place, Scope):
        return place, None
    last = place.tries[-1]
    if place.type == "Parallel" and place.is_open and prev == last.event_id:
        return _branch(run, last, name), None
    return place.scope, (place.after if place.closed and place.name == name else place)


def _branch(run: Run, container: Try, first_state: str) -> Scope:
    """A new branch of a Parallel's try: the definition's index, else the order of first entry."""
    index = run.asl.branch_of(first_state) if run.asl is not None else None
    if index is None:
        index = len(container.children or ())
    return _inside(container, index, container.visit.scope.iteration)


def _inside(container: Try, branch: int | None, iteration: str | None) -> Scope:
    outer, name = container.visit.scope.path, container.visit.name.replace("/", "%2F")
    return Scope(container, branch, iteration, f"{outer}/{name}" if outer else name)


def _again(run: Run, visit: Visit, event_id: int, at: int) -> Visit:
    """A new visit of a state that a redrive runs again without entering it."""
    new = Visit(visit.name, visit.type, event_id, visit.prev, at, visit.scope, visit.after)
    return _added(run, new)


def _added(run: Run, visit: Visit) -> Visit:
    visit.number = run.visit_counts.get(visit.name, 0) + 1
    visit.redrive = len(run.redrives)
    run.visit_counts[visit.name] = visit.number
    run.visits.append(visit)
    return visit


# Handlers: each takes the run, an event and its time, and returns where the event stands


def _started(run: Run, event: Event, at: int) -> None:
    run.first_at = run.segment_at = at
    if event.d is not None:
        run.version = (event.d.stateMachineVersionArn, event.d.stateMachineAliasArn)


def _entered(state_type: str) -> Handler:
    def entered(run: Run, event: Event, at: int) -> Visit:
        run.entries += 1
        name = event.d.name if event.d is not None else ""
        scope, after = _position(run, event.prev, name)
        visit = _added(run, Visit(name, state_type, event.id, event.prev, at, scope, after))
        if state_type == "Fail" and run.asl is not None:
            visit.tries[0].error = run.asl.error_of(name) or None
        return visit

    return entered


def _exited(state_type: str) -> Handler:
    def exited(run: Run, event: Event, at: int) -> Visit | None:
        place = run.places.get(event.prev)
        name = event.d.name if event.d is not None else ""
        if place.__class__ is Visit and place.name == name and place.exited_at is None:  # type: ignore[union-attr]
            visit: Visit | None = place  # type: ignore[assignment]
        else:
            visit = _named(run, place, name, state_type)
        return _left(run, visit, place, event, at) if visit is not None else None

    return exited


def _left(run: Run, visit: Visit, place: Visit | Scope | None, event: Event, at: int) -> Visit:
    if visit.closed and visit.type not in _WITH_TRIES:
        visit = _again(run, visit, event.id, run.redrives[-1][1] if run.redrives else at)
    last = visit.tries[-1]
    if last.outcome == RUNNING:
        _end_at_exit(visit, last, place, at)
    elif visit.redrive < run.redrive:
        visit.exited_at = at
        return visit
    if last.is_failure:
        _catch(run, visit, last)
    visit.exited_at = at
    return visit


_WITH_TRIES = frozenset({"Task", "Map", "Parallel"})


def _end_at_exit(visit: Visit, last: Try, place: Visit | Scope | None, at: int) -> None:
    child = place if isinstance(place, Visit) and place is not visit else None
    if child is not None and child.exited_at is None and (child.type == "Fail" or child.tries[-1].is_failure):
        _fail_container(visit, child, at)
    else:
        last.end(SUCCEEDED, last.done_at if last.done_at is not None else at)
        close_children(last, at)


def _catch(run: Run, visit: Visit, last: Try) -> None:
    last.handled, last.handled_by = "caught", visit.name
    visit.caught = True
    run.caught += 1
    if run.first_caught is None:
        run.first_caught = visit


def _scheduled(run: Run, event: Event, at: int) -> Visit | None:
    visit = _visit_to_schedule(run, event)
    if visit is None:
        return None
    if visit.closed:
        visit = _again(run, visit, event.id, at)
    attempt = visit.tries[-1]
    if attempt.scheduled_at is not None or attempt.outcome != RUNNING:
        attempt = _retry(visit, event.id, at)
    attempt.event_id = event.id
    attempt.scheduled_at = at
    if event.d is not None:
        attempt.resource_type, attempt.resource = event.d.resourceType, event.d.resource
    if attempt.resource_type is None:
        attempt.resource_type = event.type[:8]
    return visit


def _visit_to_schedule(run: Run, event: Event) -> Visit | None:
    """The visit a schedule belongs to; after a redrive, of several that wait the one that calls the same resource."""
    place = run.places.get(event.prev)
    task = place if isinstance(place, Visit) and place.type == "Task" else None
    if task is not None and not task.closed:
        return task
    resource = event.d.resource if event.d is not None else None
    waiting = [v for v in run.visits if v.closed and v.type == "Task" and v.exited_at is None and not _is_rerun(run, v)]
    same = [v for v in waiting if v.tries[-1].resource == resource]
    if task in same or not same:
        return task or (waiting[0] if waiting else None)
    return same[0]


def _is_rerun(run: Run, visit: Visit) -> bool:
    """This unsuccessful visit has already been taken up by a redrive."""
    return any(v.prev == visit.prev and v.name == visit.name and v.id > visit.id for v in run.visits)


def _retry(visit: Visit, event_id: int, at: int) -> Try:
    """The next try of a visit: what came before it failed, and was retried."""
    before = visit.tries[-1]
    if before.outcome == RUNNING:
        before.end(FAILED, before.done_at if before.done_at is not None else at)
    before.handled, before.handled_by = "retried", visit.name
    new = Try(visit, before.number + 1, event_id)
    if before.ended_at is not None:
        new.backoff_ms = at - before.ended_at
    visit.tries.append(new)
    return new


def _work_started(run: Run, event: Event, at: int) -> Visit | Scope | None:
    place = run.places.get(event.prev)
    if isinstance(place, Visit):
        place.tries[-1].started_at = at
    return place


def _work_submitted(run: Run, event: Event, at: int) -> Visit | Scope | None:
    place = run.places.get(event.prev)
    if isinstance(place, Visit):
        place.tries[-1].submitted_at = at
    return place


def _work_succeeded(run: Run, event: Event, at: int) -> Visit | Scope | None:
    place = run.places.get(event.prev)
    if isinstance(place, Visit):
        place.tries[-1].done_at = at
    return place


def _work_failed(outcome: str) -> Handler:
    def work_failed(run: Run, event: Event, at: int) -> Visit | Scope | None:
        place = run.places.get(event.prev)
        if isinstance(place, Visit):
            _fail_try(run, place, event, at, outcome)
        return place

    return work_failed


def _fail_try(run: Run, visit: Visit, event: Event, at: int, outcome: str) -> None:
    """End the open try of a visit; a failure with no open try is a try of its own, which never got as far as a schedule."""
    if visit.closed:
        visit = _again(run, visit, event.id, at)
    last = visit.tries[-1]
    if last.outcome != RUNNING:
        last = _retry(visit, event.id, at)
    last.end(outcome, at, event.d.error if event.d is not None else None)


def _evaluation_failed(run: Run, event: Event, at: int) -> Visit | None:
    visit = _evaluated(run, event)
    if visit is not None:
        _fail_try(run, visit, event, at, FAILED)
    return visit


_ENTERED_AT = re.compile(r"An error occurred while executing the state '.*' \(entered at the event id #(\d+)\)")


def _named_in_cause(run: Run, cause: str | None) -> Visit | None:
    """The visit that AWS names at the start of the cause of an error of its own."""
    found = _ENTERED_AT.match(cause or "")
    place = run.places.get(int(found[1])) if found else None
    return place if isinstance(place, Visit) else None


def _evaluated(run: Run, event: Event) -> Visit | None:
    """The visit whose expression failed: AWS points at the event before the visit, not at its entry."""
    if event.d is None:
        return None
    named = _named_in_cause(run, event.d.cause)
    if named is not None and named.name == event.d.state:
        return named
    same = [v for v in run.visits if v.name == event.d.state and v.is_open]
    place = run.places.get(event.prev)
    near = (v for v in same if v is place or v.prev == event.prev)
    return next(near, same[-1] if same else None)


def _container_started(state_type: str) -> Handler:
    def container_started(run: Run, event: Event, at: int) -> Visit | None:
        place = run.places.get(event.prev)
        visit = _open_container(place, state_type)
        if visit is None:
            return _container_again(run, place, state_type, event.id, at)
        attempt = visit.tries[-1]
        if attempt.started_at is not None or attempt.outcome != RUNNING:
            attempt = _retried_container(visit, place, event.id, at)
        attempt.event_id = event.id
        attempt.started_at = at
        return visit

    return container_started


def _container_again(
    run: Run, place: Visit | Scope | None, state_type: str, event_id: int, at: int
) -> Visit | None:
    """A container that a redrive starts again."""
    for old in enclosing(place):
        if old.type == state_type and old.closed and old.exited_at is None and run.redrives:
            visit = _again(run, old, event_id, at)
            visit.tries[-1].started_at = at
            return visit
    return None


def _retried_container(visit: Visit, place: Visit | Scope | None, event_id: int, at: int) -> Try:
    """The next try of a container: the one before ended when its child failed."""
    before = visit.tries[-1]
    child = place if isinstance(place, Visit) and place is not visit else None
    if before.outcome == RUNNING and child is not None:
        _fail_container(visit, child, _failed_at(child, at), error=child.tries[-1].error)
    return _retry(visit, event_id, at)


def _failed_at(child: Visit, at: int) -> int:
    ended = innermost_failure(child).tries[-1].ended_at
    return child.entered_at if child.type == "Fail" else (ended if ended is not None else at)


def _fail_container(visit: Visit, child: Visit | None, at: int, error: str | None = None) -> None:
    """End a container's try with its child's failure, and close what else was open inside."""
    last = visit.tries[-1]
    if child is not None:
        last.failed_by = child
    close_children(last, at)
    if last.outcome == RUNNING:
        last.end(FAILED, at, error or (child.tries[-1].error if child is not None else None))


def _container_failed(state_type: str) -> Handler:
    def container_failed(run: Run, event: Event, at: int) -> Visit | None:
        place = run.places.get(event.prev)
        visit = _open_container(place, state_type) or _resumed_container(run, place, state_type)
        if visit is None:
            return None
        child = place if isinstance(place, Visit) and place is not visit else None
        _fail_container(visit, child, at)
        visit.closed = True
        return visit

    return container_failed


def _resumed_container(run: Run, place: Visit | Scope | None, state_type: str) -> Visit | None:
    """The container that failed in an earlier run and inside which a redrive went on."""
    around = (v for v in enclosing(place) if v.type == state_type and v.exited_at is None and v.redrive < run.redrive)
    return next(around, None)


def _container_succeeded(state_type: str) -> Handler:
    def container_succeeded(run: Run, event: Event, at: int) -> Visit | None:
        visit = _open_container(run.places.get(event.prev), state_type)
        if visit is not None:
            visit.tries[-1].done_at = at
        return visit

    return container_succeeded


def _iteration_started(run: Run, event: Event, at: int) -> Scope | Visit | None:  # noqa: ARG001 -- a handler
    run.iterations += 1
    visit = _named(run, run.places.get(event.prev), event.d.name, "Map") if event.d is not None else None
    if visit is None:
        return None
    outer = visit.scope.iteration
    index = f"{outer}/{event.d.index}" if outer is not None else str(event.d.index)
    return _inside(visit.tries[-1], visit.scope.branch, index)


def _map_run_started(run: Run, event: Event, at: int) -> Visit | None:  # noqa: ARG001 -- a handler
    visit = _open_container(run.places.get(event.prev), "Map")
    if visit is not None and event.d is not None:
        visit.tries[-1].map_run_arn = event.d.mapRunArn
    return visit


def _map_run_failed(run: Run, event: Event, at: int) -> Visit | None:
    visit = _open_container(run.places.get(event.prev), "Map")
    if visit is not None and visit.tries[-1].outcome == RUNNING:
        visit.tries[-1].end(FAILED, at, event.d.error if event.d is not None else None)
    return visit


def _aside(run: Run, event: Event, at: int) -> Visit | Scope | None:  # noqa: ARG001 -- a handler
    """An event that changes nothing: it stands where its predecessor stands."""
    return run.places.get(event.prev)


def _unknown(run: Run, event: Event, at: int) -> Visit | Scope | None:
    run.unknown_events += 1
    return _aside(run, event, at)


def _redriven(run: Run, event: Event, at: int) -> Visit | Scope | None:
    run.redrives.append((event.id, at))
    run.status = run.error = run.cause = None
    run.terminal = run.last = None
    run.segment_at = at
    return run.places.get(event.prev)


_STATUS_OF_END = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionAborted": "ABORTED",
    "ExecutionTimedOut": "TIMED_OUT",
}


def _ended(run: Run, event: Event, at: int) -> Visit | Scope | None:
    run.status = _STATUS_OF_END[event.type]
    run.error, run.cause = (event.d.error, event.d.cause) if event.d is not None else (None, None)
    if run.segment_at is not None:
        run.duration_ms = (run.duration_ms or 0) + at - run.segment_at
        run.segment_at = None
    if run.status == "FAILED":
        run.terminal = _ending_failure(run, event, at)
    elif run.status != "SUCCEEDED":
        run.last = next((visit for visit in reversed(run.visits) if visit.is_open), None)
    for visit in run.visits:
        if visit.is_open:
            close(visit, at)
    return run.terminal or run.places.get(event.prev)


def _ending_failure(run: Run, event: Event, at: int) -> Visit | None:
    """The innermost state whose failure ended the run, with its containers failed for its sake."""
    place = run.places.get(event.prev)
    visit = innermost_failure(place) if isinstance(place, Visit) else None
    if visit is None or not (visit.tries[-1].is_failure or visit.type == "Fail"):
        visit = _named_in_cause(run, run.cause) or visit or _only_open(run)
    if visit is None:
        return None
    _end_by_failure(visit, run.error, at)
    return visit


def _only_open(run: Run) -> Visit | None:
    """The one state still open without another inside it, when there is just one."""
    leaves = [v for v in run.visits if v.is_open and v.type not in ("Map", "Parallel")]
    return leaves[0] if len(leaves) == 1 else None


def _end_by_failure(visit: Visit, error: str | None, at: int) -> None:
    """End a failing state with the run's error, and the containers around it with its failure."""
    last = visit.tries[-1]
    if last.outcome == RUNNING:
        last.end(FAILED, visit.entered_at if visit.type == "Fail" else at, error)
    elif visit.type == "Fail" and last.error is None:
        last.error = error
    child = visit
    for container in enclosing(visit.scope):
        if container.is_open:
            container.tries[-1].failed_by = child
            _fail_container(container, child, at, error)
        child = container


Handler = Callable[[Run, Any, int], "Visit | Scope | None"]


def _handlers() -> dict[type[Event], Handler]:
    by_name: dict[str, Handler] = dict.fromkeys(EVENTS, _aside)
    by_name |= {"ExecutionStarted": _started, "ExecutionRedriven": _redriven}
    by_name |= dict.fromkeys(_STATUS_OF_END, _ended)
    for name in EVENTS:
        for ending, handler in _HANDLER_OF_ENDING.items():
            if name.endswith(ending):
                by_name[name] = handler(name.removesuffix(ending))
    for family in ("Task", "LambdaFunction", "Activity"):
        by_name |= {f"{family}{kind}": handler for kind, handler in _HANDLER_OF_WORK.items()}
    by_name |= {
        "EvaluationFailed": _evaluation_failed,
        "MapIterationStarted": _iteration_started,
        "MapRunStarted": _map_run_started,
        "MapRunFailed": _map_run_failed,
    }
    return {EVENTS[name]: by_name[name] for name in EVENTS} | {UnknownEvent: _unknown}


_HANDLER_OF_ENDING: dict[str, Callable[[str], Handler]] = {
    "StateEntered": _entered,
    "StateExited": _exited,
    "StateStarted": _container_started,
    "StateFailed": _container_failed,
    "StateSucceeded": _container_succeeded,
}
_HANDLER_OF_WORK: dict[str, Handler] = {
    "Scheduled": _scheduled,
    "Started": _work_started,
    "Submitted": _work_submitted,
    "Succeeded": _work_succeeded,
    "Failed": _work_failed(FAILED),
    "ScheduleFailed": _work_failed(FAILED),
    "StartFailed": _work_failed(FAILED),
    "SubmitFailed": _work_failed(FAILED),
    "TimedOut": _work_failed(TIMED_OUT),
}
HANDLERS = _handlers()
"""What to do with each event, by its struct."""
