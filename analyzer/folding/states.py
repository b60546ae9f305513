"""States entered and left."""

from __future__ import annotations

from typing import TypeGuard

from analyzer.folding.containers import fail_container
from analyzer.folding.places import added, again, handle_inside, named, position
from analyzer.folding.run import Handler, Run
from analyzer.folding.visits import RUNNING, SUCCEEDED, Place, Try, Visit, close_children, enclosing
from store.events import Event


def on_entry(state_type: str) -> Handler:
    """The handler of a state type's `*StateEntered`: a new visit."""

    def entered(run: Run, event: Event, at: int, place: Place) -> Visit:
        run.entries += 1
        name = event.d.name if event.d is not None else ""
        visit = added(run, name, state_type, event.id, event.prev, at, position(run, place, event.prev, name))
        if state_type == "Fail" and run.asl is not None:
            visit.tries[0].error = run.asl.error_of(name) or None
        return visit

    return entered


def on_exit(state_type: str) -> Handler:
    """The handler of a state type's `*StateExited`, which after a failure means that it was caught."""

    def exited(run: Run, event: Event, at: int, place: Place) -> Visit | None:
        name = event.d.name if event.d is not None else ""
        if isinstance(place, Visit) and place.name == name and place.exited_at is None:
            return _left(run, place, place, event, at)
        visit = named(run, place, name, state_type)
        return _left(run, visit, place, event, at) if visit is not None else None

    return exited


def _left(run: Run, visit: Visit, place: Place, event: Event, at: int) -> Visit:
    if visit.closed and visit.type not in _WITH_TRIES:
        visit = place = again(run, visit, event.id, run.redrives[-1][1] if run.redrives else at)
    last = visit.tries[-1]
    if last.outcome == RUNNING:
        _end_at_exit(visit, last, place, at)
    if (last.outcome != SUCCEEDED or run.redrive) and _is_caught(run, visit, place):
        _catch(run, visit, last)
    visit.exited_at = at
    return visit


_WITH_TRIES = frozenset({"Task", "Map", "Parallel"})


def _end_at_exit(visit: Visit, last: Try, place: Place, at: int) -> None:
    if place is not visit and _is_failed_by(place, visit):
        fail_container(visit, place, at)
        return
    last.outcome = SUCCEEDED
    last.ended_at = at if last.done_at is None else last.done_at
    if last.inside is not None:
        close_children(last, at)


def _is_failed_by(place: Place, visit: Visit) -> TypeGuard[Visit]:
    """A container is left from a state inside that failed, without a `*StateFailed` in between."""
    if not isinstance(place, Visit) or not place.has_failed:
        return False
    return place.exited_at is None and visit in enclosing(place)


def _is_caught(run: Run, visit: Visit, place: Place) -> bool:
    """A state is left after its failure; of a container in which a redrive went on, after that of this run."""
    if visit.redrive == run.redrive:
        return visit.tries[-1].is_failure
    return visit.closed and place is visit


def _catch(run: Run, visit: Visit, last: Try) -> None:
    """Note a Catch. The row of an earlier run, in which a redrive went on, keeps what became of it then."""
    if visit.redrive == run.redrive:
        last.handled, last.handled_by = "caught", visit.name
    else:
        handle_inside(run, visit, "caught")
    visit.caught = True
    run.caught += 1
    if run.first_caught is None:
        run.first_caught = visit
