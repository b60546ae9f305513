"""How an execution starts, ends and is redriven."""

from __future__ import annotations

from analyzer.folding.containers import fail_container
from analyzer.folding.run import Run, last_open, unsettled
from analyzer.folding.visits import FAILED, RUNNING, Place, Visit, close, enclosing, innermost_failure
from analyzer.folding.work import named_in_cause
from store.events import Event


def started(run: Run, event: Event, at: int, place: Place) -> None:
    """The first event: the clock starts."""
    run.first_at = run.resumed_at = at
    if event.d is not None:
        run.version_arn, run.alias_arn = event.d.stateMachineVersionArn, event.d.stateMachineAliasArn


def redriven(run: Run, event: Event, at: int, place: Place) -> Place:
    """The same execution goes on: no verdict any more, and the wait before was idle."""
    run.redrive += 1
    run.redrives.append((event.id, at))
    run.status = run.error = run.cause = None
    run.terminal = run.last = None
    run.resumed_at = at
    return place


STATUS_OF_END = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionAborted": "ABORTED",
    "ExecutionTimedOut": "TIMED_OUT",
}


def ended(run: Run, event: Event, at: int, place: Place) -> Place:
    """A terminal event: the status so far, and an end for all that was still open."""
    run.status = STATUS_OF_END[event.type]
    run.error, run.cause = (event.d.error, event.d.cause) if event.d is not None else (None, None)
    if run.resumed_at is not None:
        run.duration_ms = (run.duration_ms or 0) + at - run.resumed_at
        run.segments.append((run.resumed_at, at))
        run.resumed_at = None
    if run.status == "FAILED":
        run.terminal = _ending_failure(run, at, place)
    elif run.status != "SUCCEEDED":
        run.last = last_open(run)
    for visit in unsettled(run):
        if visit.is_open:
            close(visit, at)
    run.settled = len(run.visits)
    run.reopened.clear()
    return run.terminal or run.last or place


def _ending_failure(run: Run, at: int, place: Place) -> Visit | None:
    """The innermost state whose failure ended the run, with its containers failed for its sake."""
    # A state that was left has not failed, or was caught: it is not to blame.
    visit = innermost_failure(place) if isinstance(place, Visit) and place.exited_at is None else None
    if visit is None or not visit.has_failed:
        visit = named_in_cause(run, run.cause) or visit or _only_open(run)
    if visit is None:
        return None
    _end_by_failure(visit, run.error, at)
    return visit


def _only_open(run: Run) -> Visit | None:
    """The one state still open without another inside it, when there is just one."""
    leaves = [v for v in unsettled(run) if v.is_open and v.type not in ("Map", "Parallel")]
    return leaves[0] if len(leaves) == 1 else None


def _end_by_failure(visit: Visit, error: str | None, at: int) -> None:
    """End a failing state with the run's error, and the containers around it with its failure.

    Not a Fail state inside a container: its error stands in no event.
    """
    last = visit.tries[-1]
    if last.outcome == RUNNING:
        last.end(FAILED, visit.entered_at if visit.type == "Fail" else at, error)
    child = visit
    for container in enclosing(visit.scope):
        if container.is_open:
            fail_container(container, child, at, error)
        child = container
