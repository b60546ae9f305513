"""Parallel, Map, their branches and iterations, and Distributed Maps as their parent sees them."""

from __future__ import annotations

from analyzer.folding.places import again, handle_inside, inside, named, nested, open_container, reopen, retry
from analyzer.folding.run import Handler, Run
from analyzer.folding.visits import FAILED, RUNNING, Place, Try, Visit, close_children, enclosing, innermost_failure
from store.events import Event


def on_start(state_type: str) -> Handler:
    """The handler of a container's `*StateStarted`: its first try, or, pointing at the child that failed, its next."""

    def container_started(run: Run, event: Event, at: int, place: Place) -> Place:
        visit = _to_start(event, place, state_type)
        if visit is None:
            return place
        if visit.redrive != run.redrive:
            visit = _started_again(run, visit, place, event.id, at)
        attempt = visit.tries[-1]
        if attempt.started_at is not None or attempt.outcome != RUNNING:
            attempt = _retried(run, visit, place, event.id, at)
        attempt.event_id = event.id
        attempt.started_at = at
        return visit

    return container_started


def _to_start(event: Event, place: Place, state_type: str) -> Visit | None:
    """The container that an event starts: that whose entry it points at, else the nearest that can be tried again."""
    if isinstance(place, Visit) and place.type == state_type and place.entry == event.prev:
        return place
    return open_container(place, state_type) or _closed_container(place, state_type)


def _closed_container(place: Place, state_type: str) -> Visit | None:
    """The container of an earlier run around a place, in which a redrive goes on or which it starts again."""
    return next((v for v in enclosing(place) if v.type == state_type and v.exited_at is None), None)


def _started_again(run: Run, visit: Visit, place: Place, event_id: int, at: int) -> Visit:
    """A new visit of a container that a redrive started again, at once or after what went on in it failed once more."""
    child = _child(visit, place)
    if child is not None:
        fail_container(visit, child, _failed_at(run, child, at))
    handle_inside(run, visit, "retried")
    visit.closed = True
    return again(run, visit, event_id, at)


def _child(visit: Visit, place: Place) -> Visit | None:
    """The failing state inside a container that an event of the container points at."""
    return place if isinstance(place, Visit) and place is not visit else None


def _retried(run: Run, visit: Visit, place: Place, event_id: int, at: int) -> Try:
    """The next try of a container: the one before ended when its child failed."""
    child = _child(visit, place)
    if visit.tries[-1].outcome == RUNNING and child is not None:
        fail_container(visit, child, _failed_at(run, child, at))
    return retry(visit, event_id, at)


def _failed_at(run: Run, child: Visit, at: int) -> int:
    if child.type == "Fail":
        return child.entered_at
    # The row of a container in which a redrive goes on keeps the end that it had in its own run.
    ended = (child if child.redrive == run.redrive else innermost_failure(child)).tries[-1].ended_at
    return at if ended is None else ended


def fail_container(visit: Visit, child: Visit | None, at: int, error: str | None = None) -> None:
    """End a container's try with its child's failure, and close what else was open inside."""
    last = visit.tries[-1]
    if child is not None:
        last.failed_by = child
    close_children(last, at)
    if last.outcome == RUNNING:
        last.end(FAILED, at, error or (child.tries[-1].error if child is not None else None))


def on_failure(state_type: str) -> Handler:
    """The handler of a container's `*StateFailed`: its last try ends with its child's failure."""

    def container_failed(run: Run, event: Event, at: int, place: Place) -> Place:
        visit = open_container(place, state_type)
        if visit is None:
            return place
        fail_container(visit, _child(visit, place), at)
        visit.closed = True
        return visit

    return container_failed


def on_success(state_type: str) -> Handler:
    """The handler of a container's `*StateSucceeded`, a leaf: the result counts once the state is left."""

    def container_succeeded(run: Run, event: Event, at: int, place: Place) -> Place:
        visit = open_container(place, state_type)
        if visit is not None:
            visit.tries[-1].done_at = at
        return visit or place

    return container_succeeded


def iteration_started(run: Run, event: Event, at: int, place: Place) -> Place:
    """A new iteration of the Map that its details name, whatever its predecessor."""
    run.iterations += 1
    visit = named(run, place, event.d.name, "Map") if event.d is not None else None
    if visit is None:
        return place
    return inside(visit, visit.scope.branch, nested(visit.scope.iteration, str(event.d.index)))


def map_run_started(run: Run, event: Event, at: int, place: Place) -> Place:
    """The Map is distributed: its items are executions of their own, counted by the Map Run."""
    visit = open_container(place, "Map")
    if visit is not None and event.d is not None:
        visit.tries[-1].map_run_arn = event.d.mapRunArn
    return visit or place


def map_run_redriven(run: Run, event: Event, at: int, place: Place) -> Place:
    """A redrive goes on inside a Distributed Map: its failed items are run again, its own start is not."""
    visit = _closed_container(place, "Map")
    reopen(run, visit)
    return visit or place


def map_run_failed(run: Run, event: Event, at: int, place: Place) -> Place:
    """The Map Run's own failure, such as an ItemReader that cannot read."""
    visit = open_container(place, "Map")
    if visit is not None and visit.tries[-1].outcome == RUNNING:
        visit.tries[-1].end(FAILED, at, event.d.error if event.d is not None else None)
    return visit or place
