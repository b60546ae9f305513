"""Parallel, Map, their branches and iterations, and Distributed Maps as their parent sees them."""

from __future__ import annotations

from analyzer.folding.places import again, inside, named, open_container, retry
from analyzer.folding.run import Handler, Run
from analyzer.folding.visits import (
    FAILED,
    RUNNING,
    Place,
    Try,
    Visit,
    close_children,
    enclosing,
    innermost_failure,
)
from store.events import Event


def on_start(state_type: str) -> Handler:
    """The handler of a container's `*StateStarted`: its first try, or, pointing at the child that failed, its next."""

    def container_started(run: Run, event: Event, at: int, place: Place) -> Visit | None:
        visit = open_container(place, state_type)
        if visit is None:
            return _container_again(run, place, state_type, event.id, at)
        attempt = visit.tries[-1]
        if attempt.started_at is not None or attempt.outcome != RUNNING:
            attempt = _retried_container(visit, place, event.id, at)
        attempt.event_id = event.id
        attempt.started_at = at
        return visit

    return container_started


def _container_again(run: Run, place: Place, state_type: str, event_id: int, at: int) -> Visit | None:
    """A container that a redrive starts again."""
    for old in enclosing(place):
        if old.type == state_type and old.closed and old.exited_at is None and run.redrives:
            visit = again(run, old, event_id, at)
            visit.tries[-1].started_at = at
            return visit
    return None


def _retried_container(visit: Visit, place: Place, event_id: int, at: int) -> Try:
    """The next try of a container: the one before ended when its child failed."""
    before = visit.tries[-1]
    child = place if isinstance(place, Visit) and place is not visit else None
    if before.outcome == RUNNING and child is not None:
        fail_container(visit, child, _failed_at(child, at), error=child.tries[-1].error)
    return retry(visit, event_id, at)


def _failed_at(child: Visit, at: int) -> int:
    ended = innermost_failure(child).tries[-1].ended_at
    return child.entered_at if child.type == "Fail" else (ended if ended is not None else at)


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

    def container_failed(run: Run, event: Event, at: int, place: Place) -> Visit | None:
        visit = open_container(place, state_type) or _resumed_container(run, place, state_type)
        if visit is None:
            return None
        child = place if isinstance(place, Visit) and place is not visit else None
        fail_container(visit, child, at)
        visit.closed = True
        return visit

    return container_failed


def _resumed_container(run: Run, place: Place, state_type: str) -> Visit | None:
    """The container that failed in an earlier run and inside which a redrive went on."""
    around = (v for v in enclosing(place) if v.type == state_type and v.exited_at is None and v.redrive < run.redrive)
    return next(around, None)


def on_success(state_type: str) -> Handler:
    """The handler of a container's `*StateSucceeded`, a leaf: the result counts once the state is left."""

    def container_succeeded(run: Run, event: Event, at: int, place: Place) -> Visit | None:
        visit = open_container(place, state_type)
        if visit is not None:
            visit.tries[-1].done_at = at
        return visit

    return container_succeeded


def iteration_started(run: Run, event: Event, at: int, place: Place) -> Place:
    """A new iteration of the Map that its details name, whatever its predecessor."""
    run.iterations += 1
    visit = named(run, place, event.d.name, "Map") if event.d is not None else None
    if visit is None:
        return None
    outer = visit.scope.iteration
    index = f"{outer}/{event.d.index}" if outer is not None else str(event.d.index)
    return inside(visit, visit.scope.branch, index)


def map_run_started(run: Run, event: Event, at: int, place: Place) -> Visit | None:
    """The Map is distributed: its items are executions of their own, counted by the Map Run."""
    visit = open_container(place, "Map")
    if visit is not None and event.d is not None:
        visit.tries[-1].map_run_arn = event.d.mapRunArn
    return visit


def map_run_failed(run: Run, event: Event, at: int, place: Place) -> Visit | None:
    """The Map Run's own failure, such as an ItemReader that cannot read."""
    visit = open_container(place, "Map")
    if visit is not None and visit.tries[-1].outcome == RUNNING:
        visit.tries[-1].end(FAILED, at, event.d.error if event.d is not None else None)
    return visit
