"""Where an event stands: the scope, container or visit that its predecessor leads to."""

from __future__ import annotations

from analyzer.folding.run import Run
from analyzer.folding.visits import FAILED, RUNNING, TOP, Inside, Place, Scope, Try, Visit, adopt, enclosing
from store.events import Event


def open_container(place: Place, state_type: str) -> Visit | None:
    """The nearest container of this type around a place that has not failed or been left."""
    for visit in enclosing(place):
        if visit.type == state_type and visit.is_open:
            return visit
    return None


def named(run: Run, place: Place, name: str, state_type: str) -> Visit | None:
    """The nearest visit of this name around a place that was not left; else the last visit of this name."""
    for visit in enclosing(place):
        if visit.name == name and visit.type == state_type and visit.exited_at is None:
            return visit
    return latest_named(run, name, state_type)


def latest_named(run: Run, name: str, state_type: str | None = None) -> Visit | None:
    """The last visit of this name, if it was not left."""
    latest = run.latest.get(name)
    if latest is None or latest.exited_at is not None or (state_type is not None and latest.type != state_type):
        return None
    return latest


def position(run: Run, place: Place, prev: int, name: str) -> tuple[Scope, Visit | None]:
    """The scope in which a state is entered, and the visit before it there."""
    if place is None:
        return TOP, None
    if isinstance(place, Scope):
        return place, None
    if place.type == "Parallel" and place.exited_at is None and prev == place.tries[-1].event_id:
        return _branch(run, place, name), None
    return place.scope, (place.after if place.closed and place.name == name else place)


def _branch(run: Run, parallel: Visit, first_state: str) -> Scope:
    """A new branch of a Parallel's try: the definition's index, else the order of first entry."""
    attempt = parallel.tries[-1]
    attempt.inside = attempt.inside or Inside()
    index = run.asl.branch_of(first_state) if run.asl is not None else None
    if index is None:
        index = attempt.inside.branches
    attempt.inside.branches += 1
    return inside(parallel, index, parallel.scope.iteration)


def inside(container: Visit, branch: int | None, iteration: str | None) -> Scope:
    """A scope inside a container's try."""
    path = nested(container.scope.path, container.name.replace("/", "%2F"))
    return Scope(container, container.tries[-1], branch, iteration, path)


def nested(outer: str | None, inner: str) -> str:
    """One more step of a path, or of iterations. A path of machines is never so long that it ends here."""
    if outer is None:
        return inner
    return f"{outer}/{inner}" if len(outer) < LONGEST_PATH else outer


LONGEST_PATH = 8_000


def reopen(run: Run, visit: Visit | None) -> None:
    """Open the containers that were closed with an earlier run and in which a redrive goes on."""
    while visit is not None and visit.closed:
        visit.closed = False
        run.reopened.append(visit)
        if visit.scope.container is not None and visit.scope.container.inside is not None:
            visit.scope.container.inside.ended = 0
        visit = visit.scope.owner


def handle_inside(run: Run, container: Visit, handled: str) -> None:
    """Note what a container made of the failures of this run inside it, when it is a row of an earlier run."""
    inside = container.tries[-1].inside
    if inside is not None:
        inside.later = (run.redrive, handled, container.name)


def again(run: Run, visit: Visit, event_id: int, at: int) -> Visit:
    """A new visit of a state that a redrive runs again without entering it; what pointed at its entry leads to it."""
    new = added(run, visit.name, visit.type, event_id, visit.prev, at, (visit.scope, visit.after))
    new.entry = visit.entry
    run.places[visit.entry] = new
    return new


def added(
    run: Run, name: str, state_type: str, event_id: int, prev: int, at: int, position: tuple[Scope, Visit | None]
) -> Visit:
    """A new visit with its first try, numbered per state and known to the run and to its container."""
    scope, after = position
    before = run.latest.get(name)
    number = 1 if before is None else before.number + 1
    visit = Visit(name, state_type, event_id, event_id, prev, at, scope, after, number, run.redrive, [Try(1, event_id)])
    run.latest[name] = visit
    run.visits.append(visit)
    if scope.container is not None:
        adopt(scope.container, visit)
        if scope.owner is not None and scope.owner.closed:
            reopen(run, scope.owner)
    return visit


def retry(visit: Visit, event_id: int, at: int) -> Try:
    """The next try of a visit: what came before it failed, and was retried."""
    before = visit.tries[-1]
    if before.outcome == RUNNING:
        before.end(FAILED, before.done_at if before.done_at is not None else at)
    before.handled, before.handled_by = "retried", visit.name
    new = Try(before.number + 1, event_id)
    if before.ended_at is not None:
        new.backoff_ms = at - before.ended_at
    visit.tries.append(new)
    return new


def aside(run: Run, event: Event, at: int, place: Place) -> Place:
    """An event that changes nothing: it stands where its predecessor stands."""
    return place
