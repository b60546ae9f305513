"""The work of a Task, and expressions that could not be evaluated."""

from __future__ import annotations

import re
from itertools import islice

from analyzer.folding.places import again, latest_named, retry
from analyzer.folding.run import Handler, Run
from analyzer.folding.visits import FAILED, RUNNING, TIMED_OUT, Place, Visit
from store.events import Event


def scheduled(run: Run, event: Event, at: int, place: Place) -> Visit | None:
    """A try begins: the first of the visit, one more after a failure, or a new visit after a redrive."""
    visit = place if isinstance(place, Visit) and place.type == "Task" else _unfinished_task(run, event)
    if visit is None:
        return None
    if visit.closed:
        visit = again(run, visit, event.id, at)
    attempt = visit.tries[-1]
    if attempt.scheduled_at is not None or attempt.outcome != RUNNING:
        attempt = retry(visit, event.id, at)
    attempt.event_id = event.id
    attempt.scheduled_at = at
    if event.d is not None:
        attempt.resource = event.d.resource
        attempt.resource_type = event.d.resourceType or event.type
    return visit


def _unfinished_task(run: Run, event: Event) -> Visit | None:
    """What a schedule that points at no Task takes up after a redrive: the last that the run before left unfinished.

    AWS points at the state's entry; this is for histories that were put together otherwise. Of several Tasks the one
    that calls the same resource.
    """
    resource = event.d.resource if event.d is not None else None
    unfinished = None
    for visit in islice(reversed(run.visits), NEARBY):
        if visit.type == "Task" and visit.closed and visit.redrive < run.redrive and run.places[visit.entry] is visit:
            if visit.tries[-1].resource == resource:
                return visit
            unfinished = unfinished or visit
    return unfinished


NEARBY = 200
"""How many visits are searched for one that an event means but does not point at. A Map has 40 items under way."""


def work_started(run: Run, event: Event, at: int, place: Place) -> Place:
    """The work of the open try has begun."""
    if isinstance(place, Visit):
        place.tries[-1].started_at = at
    return place


def work_submitted(run: Run, event: Event, at: int, place: Place) -> Place:
    """The called service accepted the work (`.sync` and callbacks)."""
    if isinstance(place, Visit):
        place.tries[-1].submitted_at = at
    return place


def work_succeeded(run: Run, event: Event, at: int, place: Place) -> Place:
    """The work is done; the try succeeds once the state is left, for its output may still fail to evaluate."""
    if isinstance(place, Visit):
        place.tries[-1].done_at = at
    return place


def on_failure(outcome: str) -> Handler:
    """The handler of an event that ends a try without success."""

    def work_failed(run: Run, event: Event, at: int, place: Place) -> Place:
        return _fail_try(run, place, event, at, outcome) if isinstance(place, Visit) else place

    return work_failed


def _fail_try(run: Run, visit: Visit, event: Event, at: int, outcome: str) -> Visit:
    """The visit, its open try ended; a failure with no open try is a try of its own, never scheduled."""
    if visit.closed:
        visit = again(run, visit, event.id, at)
    last = visit.tries[-1]
    if last.outcome != RUNNING:
        last = retry(visit, event.id, at)
    last.end(outcome, at, event.d.error if event.d is not None else None)
    return visit


def evaluation_failed(run: Run, event: Event, at: int, place: Place) -> Place:
    """A JSONata expression of a state could not be evaluated: its open try fails."""
    visit = _evaluated(run, event, place)
    return _fail_try(run, visit, event, at, FAILED) if visit is not None else place


_ENTERED_AT = re.compile(r"An error occurred while executing the state '.*' \(entered at the event id #(\d{1,10})\)")


def named_in_cause(run: Run, cause: str | None) -> Visit | None:
    """The visit that AWS names at the start of the cause of an error of its own."""
    found = _ENTERED_AT.match(cause or "")
    place = run.places.get(int(found[1])) if found else None
    return place if isinstance(place, Visit) else None


def _evaluated(run: Run, event: Event, place: Place) -> Visit | None:
    """The visit whose expression failed: AWS names its entry in the cause, and may point at the event before it."""
    if event.d is None:
        return None
    named = named_in_cause(run, event.d.cause)
    if named is not None and named.name == event.d.state:
        return named
    if isinstance(place, Visit) and place.name == event.d.state and place.exited_at is None:
        return place
    for visit in islice(reversed(run.visits), NEARBY):
        if visit.prev == event.prev and visit.name == event.d.state and visit.exited_at is None:
            return visit
    return latest_named(run, event.d.state)


HANDLER_OF_WORK: dict[str, Handler] = {
    "Scheduled": scheduled,
    "Started": work_started,
    "Submitted": work_submitted,
    "Succeeded": work_succeeded,
    "Failed": on_failure(FAILED),
    "ScheduleFailed": on_failure(FAILED),
    "StartFailed": on_failure(FAILED),
    "SubmitFailed": on_failure(FAILED),
    "TimedOut": on_failure(TIMED_OUT),
}
