"""The tries of a folded run as rows of `attempts`.

What is the same in every attempt of an execution is not repeated here: `analyzer.tables` spreads it over the column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from analyzer.folding.run import Run
from analyzer.folding.visits import SUCCEEDED, Try, Visit
from analyzer.scopes import Scopes, scopes_of
from analyzer.variants import variant_of
from analyzer.verdict import root_visit, settle_failures
from store.executions import MapRunRow

Called = Callable[[str, str | None, str | None], tuple[str | None, str | None, str | None]]
"""What a state calls, from its name and the resource type and resource of its schedule: (resource, target, pattern)."""


class AttemptRow(NamedTuple):
    """A row of `attempts`, without what its execution settles. See `store.schema` for the meaning of each."""

    state: str
    state_type: str
    event_id: int
    visit_id: int | None
    parent_id: int | None
    after_id: int | None
    branch: int | None
    iteration: str | None
    path: str | None
    visit: int | None
    attempt: int | None
    redrive: int
    resource: str | None
    target: str | None
    pattern: str | None
    entered_at: int
    scheduled_at: int | None
    started_at: int | None
    submitted_at: int | None
    ended_at: int | None
    exited_at: int | None
    outcome: str | None
    handled: str | None
    handled_by: str | None
    error: str | None
    queue_ms: int | None
    run_ms: int | None
    backoff_ms: int | None
    transitions: int
    visit_error: str | None
    after_state: str | None
    is_root: bool
    is_terminal: bool


class Folded(NamedTuple):
    """What a run comes to: its attempts' rows and the figures that its execution's row takes from them."""

    run: Run
    attempts: list[AttemptRow]
    root_state: str | None
    tries: int
    transitions: int
    tolerated_items: int | None
    knows_children: bool
    scopes: Scopes | None = None
    variant: str | None = None


def attempts_of(
    run: Run, called: Called, map_runs: Mapping[str, MapRunRow], *, is_billed_by_transition: bool
) -> Folded:
    """The rows of a run's attempts, by event. Times are in the unit of the run's: milliseconds, or positions."""
    settle_failures(run)
    tolerated = _tolerated(run, map_runs)
    items = [failed for _, failed in tolerated]
    root = root_visit(run, next((visit for visit, failed in tolerated if failed), None))
    marks = _Marks(root, run.terminal, int(is_billed_by_transition))
    rows = [row for visit in run.visits for row in _rows_of_visit(visit, called, marks, map_runs)]
    tries = len(rows)
    if run.redrives:
        rows += [_redrive_row(*redrive, n, marks.per_try) for n, redrive in enumerate(run.redrives, 1)]
    if len(run.visits) != len(rows):
        rows.sort(key=_by_event)
    transitions = sum(row.transitions for row in rows)
    root_state = root.name if root is not None else None
    knows_children, scopes = _knows_children(run, map_runs), scopes_of(rows)
    way = variant_of(rows, scopes)
    return Folded(run, rows, root_state, tries, transitions, _sum(items), knows_children, scopes, way)


class _Marks(NamedTuple):
    """What singles out rows of an execution, and the transitions that AWS bills for one try."""

    root: Visit | None
    terminal: Visit | None
    per_try: int


_by_event = attrgetter("event_id")


def _rows_of_visit(
    visit: Visit, called: Called, marks: _Marks, map_runs: Mapping[str, MapRunRow]
) -> Iterator[AttemptRow]:
    tries, standing = visit.tries, _standing(visit)
    after_state = None if visit.after is None else visit.after.name
    for attempt in tries:
        calls = called(visit.name, attempt.resource_type, attempt.resource) if visit.type == "Task" else _NOTHING_CALLED
        is_last = attempt is tries[-1]
        yield AttemptRow._make(
            (
                visit.name,
                visit.type,
                attempt.event_id,
                *standing,
                attempt.number,
                visit.redrive,
                *calls,
                visit.entered_at,
                attempt.scheduled_at,
                attempt.started_at,
                attempt.submitted_at,
                attempt.ended_at,
                visit.exited_at if attempt.outcome == SUCCEEDED else None,
                attempt.outcome,
                attempt.handled,
                attempt.handled_by,
                attempt.error,
                _queue_ms(attempt),
                _run_ms(attempt, visit),
                attempt.backoff_ms,
                marks.per_try if attempt.map_run_arn is None else marks.per_try * (1 + _children(attempt, map_runs)),
                tries[0].error,
                after_state,
                is_last and visit is marks.root,
                is_last and visit is marks.terminal,
            )
        )


_NOTHING_CALLED = (None, None, None)


def _standing(visit: Visit) -> tuple[int | str | None, ...]:
    """The cells from `visit_id` to `visit`: where a visit stands, the same for all its tries."""
    scope, after = visit.scope, visit.after
    return (
        visit.id,
        None if scope.container is None else scope.container.event_id,
        None if after is None else after.id,
        scope.branch,
        scope.iteration,
        scope.path,
        visit.number,
    )


def _queue_ms(attempt: Try) -> int | None:
    """From scheduled to started; to the end of a try that never started."""
    if attempt.scheduled_at is None:
        return None
    until = attempt.started_at if attempt.started_at is not None else attempt.ended_at
    return None if until is None else until - attempt.scheduled_at


def _run_ms(attempt: Try, visit: Visit) -> int | None:
    """From the start of the work, or the entry of a state that has none, to the end of the try."""
    if attempt.ended_at is None:
        return None
    if attempt.started_at is not None:
        return attempt.ended_at - attempt.started_at
    never_started = attempt.scheduled_at is not None or attempt.number > 1
    return None if never_started else attempt.ended_at - visit.entered_at


def _redrive_row(event_id: int, at: int, number: int, transitions: int) -> AttemptRow:
    """The transition that a redrive itself is: counts in no attempt, visit or retry figure."""
    row = dict.fromkeys(AttemptRow._fields)
    given = {"state": "(redrive)", "state_type": "", "event_id": event_id, "redrive": number, "entered_at": at}
    return AttemptRow(**{**row, **given, "transitions": transitions, "is_root": False, "is_terminal": False})  # type: ignore[arg-type]


def _children(attempt: Try, map_runs: Mapping[str, MapRunRow]) -> int:
    """Child executions that a Distributed Map's try started; 0 while not known."""
    map_run = map_runs.get(attempt.map_run_arn or "")
    return (map_run.children or 0) if map_run is not None else 0


def _knows_children(run: Run, map_runs: Mapping[str, MapRunRow]) -> bool:
    arns = (attempt.map_run_arn for visit in run.visits for attempt in visit.tries if attempt.map_run_arn is not None)
    return all(arn in map_runs and map_runs[arn].children is not None for arn in arns)


def _sum(counts: Sequence[int | None]) -> int | None:
    return None if None in counts else sum(filter(None, counts))


def _tolerated(run: Run, map_runs: Mapping[str, MapRunRow]) -> list[tuple[Visit, int | None]]:
    """The Distributed Maps that succeeded, each with how many of its items failed; None where that is not known."""
    succeeded = [
        (visit, map_runs.get(last.map_run_arn))
        for visit in run.visits
        if (last := visit.tries[-1]).map_run_arn is not None and _is_left_well(visit, last)
    ]
    return [(visit, map_run.items_failed if map_run is not None else None) for visit, map_run in succeeded]


def _is_left_well(visit: Visit, last: Try) -> bool:
    """It succeeded, be it after a redrive that went on inside a try which had failed before."""
    return last.outcome == SUCCEEDED or (visit.exited_at is not None and not visit.caught)
