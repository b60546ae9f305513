from __future__ import annotations

from typing import Any

import pytest

from analyzer.rows import ExecutionRow, listed_row, rows_of
from store.executions import Kept
from store.schema import EXECUTIONS
from tests.analyzer.histories import KEPT, STARTED_AT, Event, answers, history, recorded

FULL = history("Charge").ended()
FAILED = recorded("1<-0 ExecutionStarted\n2<-0 FailStateEntered Refuse\n3<-2 ExecutionFailed Refused")


def listed(**given: Any) -> Kept:
    """What a listing says of the execution."""
    return KEPT._replace(**given)


def row(events: list[Event], **given: Any) -> ExecutionRow:
    return answers(events, kept=listed(**given)).execution


def test_an_execution_has_every_column_that_neither_its_machine_nor_a_price_settles() -> None:
    elsewhere = {"machine", "region", "account", "type", "revision", "cost_usd", "cost_note", "transitions_max"}
    elsewhere |= {f"critical_{part}_ms" for part in ("queue", "run", "external", "wait", "backoff")}
    assert set(ExecutionRow._fields) == {column.name for column in EXECUTIONS} - elsewhere


def test_start_and_stop_are_those_listed_and_else_those_of_the_history() -> None:
    own = row(FULL)
    assert (own.started_at, own.stopped_at, own.duration_ms) == (STARTED_AT + 100, STARTED_AT + 700, 600)
    given = row(FULL, started_at=5, stopped_at=9)
    assert (given.started_at, given.stopped_at, given.duration_ms) == (5, 9, 600)


def test_a_run_that_goes_on_has_no_stop() -> None:
    running = row(FULL[:-1])
    assert (running.status, running.stopped_at, running.duration_ms) == ("RUNNING", None, None)


@pytest.mark.parametrize(
    ("listed_status", "redrives", "status"),
    [("RUNNING", 0, "FAILED"), ("UNKNOWN", 0, "FAILED"), ("SUCCEEDED", 1, "SUCCEEDED"), ("RUNNING", 1, "RUNNING")],
)
def test_the_history_gives_the_status_unless_it_is_older_than_the_listing(
    listed_status: str, redrives: int, status: str
) -> None:
    told = row(FAILED, status=listed_status, redrives=redrives)
    assert (told.status, told.redrives) == (status, redrives)
    assert told.terminal_state == told.root_state == ("Refuse" if status == "FAILED" else None)


@pytest.mark.parametrize(("status", "completeness"), [("RUNNING", "running"), ("SUCCEEDED", "cut"), ("FAILED", "cut")])
def test_a_history_from_before_a_redrive_lacks_the_end(status: str, completeness: str) -> None:
    told = row(FAILED, status=status, redrives=1, started_at=STARTED_AT)
    assert (told.status, told.completeness, told.error) == (status, completeness, None)
    assert (told.stopped_at, told.duration_ms, told.root_state, told.terminal_state) == (None, None, None, None)


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "UNKNOWN"])
def test_a_history_without_an_end_is_cut_when_the_run_is_over(status: str) -> None:
    told = row(FULL[:4], status=status)
    assert (told.status, told.completeness) == (status, "cut")


@pytest.mark.parametrize("status", ["RUNNING", "PENDING_REDRIVE"])
def test_a_history_without_an_end_is_running_while_the_run_is(status: str) -> None:
    assert row(FULL[:4], status=status).completeness == "running"


def test_the_error_is_the_executions_own() -> None:
    assert row(FAILED).error == "Refused"
    assert row(FAILED[:2], status="FAILED", error="Told").error == "Told"
    assert row(FULL, error="stale").error is None
    timed_out = recorded("1<-0 ExecutionStarted\n2<-0 ExecutionTimedOut")
    assert row(timed_out).error == "States.Timeout"
    assert row(recorded("1<-0 ExecutionStarted\n2<-0 ExecutionTimedOut States.Custom")).error == "States.Custom"


def test_a_last_state_is_named_only_for_what_was_stopped_or_runs() -> None:
    open_state = "1<-0 ExecutionStarted\n2<-0 WaitStateEntered Pause\n"
    assert row(recorded(f"{open_state}3<-0 ExecutionAborted")).last_state == "Pause"
    assert row(recorded(f"{open_state}3<-0 ExecutionTimedOut")).last_state == "Pause"
    assert row(recorded(open_state)).last_state == "Pause"
    assert row(recorded(f"{open_state}3<-2 ExecutionFailed States.Runtime at #2")).last_state is None
    assert row(FULL).last_state is None


def test_a_duration_is_read_from_the_history_only_when_that_is_whole() -> None:
    gap = [event for event in FULL if event["id"] != 4]
    assert row(gap, started_at=STARTED_AT, stopped_at=STARTED_AT + 900).duration_ms == 900
    assert row(gap, started_at=STARTED_AT, stopped_at=STARTED_AT + 900, redrives=1).duration_ms is None
    assert row(gap).duration_ms is None


def test_a_version_and_alias_are_those_listed_and_else_those_of_the_start() -> None:
    events = recorded("1<-0 ExecutionStarted")
    arn = "arn:aws:states:eu-west-1:111122223333:stateMachine:orders"
    events[0]["executionStartedEventDetails"] = {
        "stateMachineVersionArn": f"{arn}:7",
        "stateMachineAliasArn": f"{arn}:PROD",
    }
    assert (row(events).version, row(events).alias) == ("7", "PROD")
    assert (row(events, version="8", alias="BETA").version, row(events, version="8").alias) == ("8", "PROD")


def test_of_masked_ids_nothing_is_claimed_that_stands_on_them() -> None:
    masked = [{**event, "id": 0} for event in history("Charge", fails=1, caught=True).ended()]
    told = row(masked)
    assert (told.completeness, told.status, told.state_entries) == ("masked", "SUCCEEDED", 1)
    unknown = (told.attempts, told.retries, told.transitions, told.caught, told.masked_failure)
    assert unknown == (None,) * 5


def test_without_a_history_a_row_says_what_the_listing_says_and_no_more() -> None:
    kept = listed(status="FAILED", started_at=5, stopped_at=25, error="Told", version="3", history=None)
    rows = rows_of(kept, None, lambda *_: (None, None, None), {}, is_billed_by_transition=True)
    assert rows.attempts == []
    assert rows.execution == listed_row(kept)
    filled = {name: value for name, value in rows.execution._asdict().items() if value is not None}
    assert filled == {
        "execution_arn": "arn:1",
        "version": "3",
        "status": "FAILED",
        "started_at": 5,
        "stopped_at": 25,
        "duration_ms": 20,
        "redrives": 0,
        "error": "Told",
        "completeness": "missing",
        "execution_id": 1,
    }
    assert listed_row(listed(status="RUNNING")).completeness == "running"
    assert listed_row(kept._replace(redrives=1)).duration_ms is None
