"""A folded run as rows of the two fact tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from analyzer.attempt_rows import AttemptRow, Called, Folded, attempts_of
from analyzer.folding.run import Run
from store.executions import Kept, MapRunRow

__all__ = ["AttemptRow", "ExecutionRow", "FoldedRows", "Span", "execution_row", "listed_row", "rows_of", "span_of"]


class ExecutionRow(NamedTuple):
    """A row of `executions`, without its money and without what the machine settles."""

    execution_arn: str
    version: str | None
    alias: str | None
    status: str
    started_at: int | None
    stopped_at: int | None
    duration_ms: int | None
    events: int | None
    state_entries: int | None
    attempts: int | None
    retries: int | None
    redrives: int
    map_iterations: int | None
    transitions: int | None
    root_state: str | None
    terminal_state: str | None
    last_state: str | None
    error: str | None
    caught: int | None
    tolerated_items: int | None
    masked_failure: bool | None
    completeness: str
    execution_id: int
    variant: str | None


class FoldedRows(NamedTuple):
    """One execution's row and those of its attempts."""

    execution: ExecutionRow
    attempts: list[AttemptRow]


class Span(NamedTuple):
    """When a history begins and ends and how long the execution ran, in milliseconds; unknown is None."""

    first_at: int | None
    last_at: int | None
    duration_ms: int | None


def span_of(run: Run) -> Span:
    """The span of a run whose times are milliseconds."""
    return Span(run.first_at, run.last_at, run.duration_ms)


def rows_of(
    kept: Kept, run: Run | None, called: Called, map_runs: Mapping[str, MapRunRow], *, is_billed_by_transition: bool
) -> FoldedRows:
    """The rows of one execution: from its history when there is one, else from its listing alone."""
    if run is None:
        return FoldedRows(listed_row(kept), [])
    folded = attempts_of(run, called, map_runs, is_billed_by_transition=is_billed_by_transition)
    return FoldedRows(execution_row(kept, folded, span_of(run)), folded.attempts)


def execution_row(kept: Kept, folded: Folded, span: Span) -> ExecutionRow:
    """The row of an execution with a history. Of one whose ids are masked, what stands on them is empty."""
    run = folded.run
    ended = None if _is_behind(kept, run) else run.status
    status = ended or kept.status
    is_masked = run.completeness == "masked"
    return ExecutionRow(
        kept.arn,
        kept.version or _tail(run.version_arn),
        kept.alias or _tail(run.alias_arn),
        status,
        kept.started_at if kept.started_at is not None else span.first_at,
        kept.stopped_at if kept.stopped_at is not None or not ended else span.last_at,
        _duration_ms(kept, run.completeness, ended, span),
        run.event_count,
        run.entries,
        None if is_masked else folded.tries,
        None if is_masked else folded.tries - len(run.visits),
        max(run.redrive, kept.redrives or 0),
        run.iterations,
        None if is_masked else folded.transitions,
        folded.root_state if ended else None,
        run.terminal.name if run.terminal is not None and ended == "FAILED" else None,
        run.last.name if run.last is not None and status in _UNFINISHED_BUSINESS else None,
        _error(run.error if ended else None, status, kept.error),
        None if is_masked else run.caught,
        folded.tolerated_items,
        None if is_masked else status == "SUCCEEDED" and bool(run.caught or folded.tolerated_items),
        _completeness(folded, ended, status),
        kept.id,
        folded.variant,
    )


def _tail(arn: str | None) -> str | None:
    """What stands behind the last colon of a version's or alias's ARN: its number or name."""
    return arn.rpartition(":")[2] if arn else None


_UNFINISHED_BUSINESS = frozenset({"TIMED_OUT", "ABORTED", "RUNNING"})


def _is_behind(kept: Kept, run: Run) -> bool:
    """The execution was redriven after its history was fetched: how that ended is not how it ended."""
    return (kept.redrives or 0) > run.redrive


def _error(own: str | None, status: str, given: str | None) -> str | None:
    if status in ("SUCCEEDED", "RUNNING"):
        return None
    return own or given or ("States.Timeout" if status == "TIMED_OUT" else None)


def _completeness(folded: Folded, ended: str | None, status: str) -> str:
    own = folded.run.completeness
    if own in ("complete", "cut") and ended is None:
        return "running" if status in ("RUNNING", "PENDING_REDRIVE") else "cut"
    return "children_unknown" if own == "complete" and not folded.knows_children else own


def _duration_ms(kept: Kept, completeness: str, ended: str | None, span: Span) -> int | None:
    """Running time by the history; by the listing when the history has no start or no end and nothing was redriven."""
    if ended is not None and span.duration_ms is not None and completeness == "complete":
        return span.duration_ms
    return _listed_duration_ms(kept)


def _listed_duration_ms(kept: Kept) -> int | None:
    if kept.redrives or kept.started_at is None or kept.stopped_at is None:
        return None
    return kept.stopped_at - kept.started_at


_WHYS = {**{why: why for why in ("sampled", "expired", "denied", "unreadable")}, "saved": "pruned"}


def _why_missing(kept: Kept) -> str:
    """Why there is no history, where the collector noted it."""
    return _WHYS.get(kept.history or "", "missing")


def listed_row(kept: Kept) -> ExecutionRow:
    """The row of an execution of which only the listing is known: what it does not say is empty."""
    row = dict.fromkeys(ExecutionRow._fields)
    known = {
        "execution_arn": kept.arn,
        "version": kept.version,
        "alias": kept.alias,
        "status": kept.status,
        "started_at": kept.started_at,
        "stopped_at": kept.stopped_at,
        "duration_ms": _listed_duration_ms(kept),
        "redrives": kept.redrives or 0,
        "error": kept.error,
        "completeness": "running" if kept.status == "RUNNING" else _why_missing(kept),
        "execution_id": kept.id,
    }
    return ExecutionRow(**{**row, **known})  # type: ignore[arg-type]
