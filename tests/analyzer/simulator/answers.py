"""What the rows of a simulated execution must say, by what really happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.rows import AttemptRow
from tests.analyzer.simulator.ledger import Ledger, Place, Try, Visit
from tests.analyzer.simulator.program import Definition


def root_of(truth: Ledger) -> Visit | None:
    """The visit whose failure began it all."""
    if truth.status == "FAILED" and truth.terminal is not None:
        return (_cause(truth.terminal) if truth.terminal.type == "Fail" else None) or truth.terminal
    if truth.status == "SUCCEEDED" and truth.caught:
        return truth.caught[0]
    return None


def _cause(fail: Visit) -> Visit | None:
    """The innermost state of the nearest failure caught on the way to a Fail state."""
    here: Visit | None = fail
    while here is not None:
        if here.after is not None and (found := _caught_in(here.after)) is not None:
            return found
        here = here.after if here.after is not None else here.place.owner
    return None


def _caught_in(visit: Visit) -> Visit | None:
    if visit.caught is not None:
        return visit.caught
    return next(filter(None, map(_caught_in, reversed(visit.last.children))), None)


def attempt_rows(truth: Ledger, definition: Definition | None) -> list[dict[str, Any]]:
    """The rows of `attempts`, by event id."""
    root = root_of(truth)
    branches = _branches(truth, definition)
    rows = [
        _row(visit, attempt, branches, definition)
        | {
            "is_root": visit is root and attempt is visit.last,
            "is_terminal": visit is truth.terminal and attempt is visit.last,
        }
        for visit in truth.visits
        for attempt in visit.tries
    ]
    rows += [_redrive_row(*redrive, n) for n, redrive in enumerate(truth.redrives, 1)]
    return sorted(rows, key=lambda row: row["event_id"])


def _branches(truth: Ledger, definition: Definition | None) -> Mapping[int, int]:
    """Without a definition, branches are numbered in the order in which they were first entered."""
    if definition is not None:
        return {}
    numbers: dict[int, int] = {}
    for visit in truth.visits:
        numbers.setdefault(id(visit.place), _next_number(visit.place, numbers, truth))
    return numbers


def _next_number(place: Place, numbers: Mapping[int, int], truth: Ledger) -> int:
    siblings = {id(v.place) for v in truth.visits if v.place.container is place.container}
    return len(siblings & numbers.keys())


def _branch(place: Place, branches: Mapping[int, int]) -> int | None:
    if place.owner is None or place.branch is None:
        return None
    if place.owner.type == "Parallel":
        return branches.get(id(place), place.branch)
    return _branch(place.owner.place, branches)


def _row(visit: Visit, attempt: Try, branches: Mapping[int, int], definition: Definition | None) -> dict[str, Any]:
    place = visit.place
    return {
        "state": visit.name,
        "state_type": visit.type,
        "event_id": attempt.event_id,
        "visit_id": visit.id,
        "parent_id": place.container.event_id if place.container else None,
        "after_id": visit.after.id if visit.after else None,
        "branch": _branch(place, branches),
        "iteration": place.iteration,
        "path": place.path,
        "visit": visit.number,
        "attempt": attempt.number,
        "redrive": visit.redrive,
        "resource": attempt.resource,
        "target": None,
        "pattern": attempt.resource_type,
        "entered_at": visit.entered_at,
        "scheduled_at": attempt.scheduled_at,
        "started_at": attempt.started_at,
        "submitted_at": attempt.submitted_at,
        "ended_at": attempt.ended_at,
        "exited_at": visit.exited_at if attempt.outcome == "succeeded" else None,
        "outcome": attempt.outcome,
        "handled": attempt.handled,
        "handled_by": attempt.handled_by,
        "error": _error(visit, attempt, definition),
        "queue_ms": _queue_ms(attempt),
        "run_ms": _run_ms(visit, attempt),
        "backoff_ms": attempt.backoff_ms,
        "transitions": 1,
        "visit_error": _error(visit, visit.tries[0], definition),
        "after_state": visit.after.name if visit.after else None,
    }


def _error(visit: Visit, attempt: Try, definition: Definition | None) -> str | None:
    """The error of a Fail inside a container stands in no event."""
    if visit.type == "Fail" and definition is not None:
        return definition.error_of(visit.name)
    is_hidden = attempt.is_error_of_fail and (visit.type != "Fail" or visit.place.owner is not None)
    return None if is_hidden and definition is None else attempt.error


def _queue_ms(attempt: Try) -> int | None:
    until = attempt.started_at if attempt.started_at is not None else attempt.ended_at
    return None if attempt.scheduled_at is None or until is None else until - attempt.scheduled_at


def _run_ms(visit: Visit, attempt: Try) -> int | None:
    if attempt.ended_at is None:
        return None
    if attempt.started_at is not None:
        return attempt.ended_at - attempt.started_at
    is_work = attempt.scheduled_at is not None or attempt.number > 1
    return None if is_work else attempt.ended_at - visit.entered_at


def _redrive_row(event_id: int, at: int, number: int) -> dict[str, Any]:
    given = {"state": "(redrive)", "state_type": "", "event_id": event_id, "redrive": number, "entered_at": at}
    return dict.fromkeys(AttemptRow._fields) | given | {"transitions": 1, "is_root": False, "is_terminal": False}


def execution_row(truth: Ledger, events: int) -> dict[str, Any]:
    """What the row of `executions` must say, as far as the history settles it."""
    tries = sum(len(visit.tries) for visit in truth.visits)
    root = root_of(truth)
    status = truth.status or "RUNNING"
    is_failed = status == "FAILED"
    return {
        "status": status,
        "events": events,
        "state_entries": truth.entries,
        "attempts": tries,
        "retries": tries - len(truth.visits),
        "redrives": len(truth.redrives),
        "map_iterations": truth.iterations,
        "transitions": tries + len(truth.redrives),
        "root_state": root.name if root else None,
        "terminal_state": truth.terminal.name if is_failed and truth.terminal else None,
        "last_state": truth.last.name if truth.last else None,
        "caught": len(truth.caught),
        "masked_failure": status == "SUCCEEDED" and bool(truth.caught),
        "error": "States.Timeout" if status == "TIMED_OUT" else truth.error,
        "duration_ms": truth.duration_ms if truth.status else None,
    }
