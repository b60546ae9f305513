"""Failures by state, by error, and by what became of them."""

from __future__ import annotations

import pytest

from tests.analyzer.rows import DAY, OCTOBER, REDRIVE, TRANSITION_USD, Row, answer, picked

FAILED: Row = {"outcome": "failed", "error": "Declined", "execution_status": "FAILED"}


def test_a_hotspot_is_a_state_an_error_and_a_role() -> None:
    tries: list[Row] = [
        {"execution_id": 1},
        {**FAILED, "execution_id": 1, "handled": "retried", "ended_at": OCTOBER + 10},
        {**FAILED, "execution_id": 1, "handled": "retried", "ended_at": OCTOBER + 30},
        {**FAILED, "execution_id": 2, "handled": "retried", "outcome": "timed_out", "ended_at": OCTOBER + 20},
        {**FAILED, "execution_id": 3, "handled": "uncaught", "is_root": True, "completeness": "cut"},
    ]
    retried, root = answer("failure_hotspots", executions=[{}, {}, {}], attempts=tries)
    assert {name: retried[name] for name in list(retried)[5:]} == {
        "error": "Declined",
        "role": "retried",
        "failures": 3,
        **dict.fromkeys(("failures_estimated", "failures_low", "failures_high"), 3),
        "timeouts": 1,
        "executions": 2,
        "failure_share": 0.75,
        "attempts": 5,
        "failure_rate": 0.6,
        "first_seen_at": OCTOBER + 10,
        "last_seen_at": OCTOBER + 30,
        "trend_per_day": None,
        "failures_by_day": "3",
        "last_day_at": OCTOBER,
        "cost_usd": pytest.approx(3 * TRANSITION_USD),
        "failures_partial": 0,
    }
    assert (root["role"], root["failures"], root["failure_share"], root["failures_partial"]) == ("root", 1, 0.25, 1)


@pytest.mark.parametrize(
    ("marks", "role"),
    [
        ({"is_root": True, "is_terminal": True, "handled": "uncaught"}, "root"),
        ({"is_root": True, "handled": "caught"}, "root"),
        ({"is_root": True, "handled": "caught", "execution_status": "SUCCEEDED"}, "caught"),
        ({"is_terminal": True, "handled": "uncaught"}, "terminal"),
        ({"handled": "retried"}, "retried"),
        ({"handled": "uncaught"}, "uncaught"),
        ({"handled": None, "execution_status": "RUNNING"}, "undecided"),
    ],
)
def test_the_role_is_the_first_that_is_true(marks: Row, role: str) -> None:
    assert picked(answer("failure_hotspots", attempts=[{**FAILED, **marks}]), "role") == [(role,)]


def test_days_are_those_of_the_starts_from_the_first_execution_to_the_last() -> None:
    runs: list[Row] = [{"started_at": OCTOBER + day * DAY} for day in range(5)]
    tries: list[Row] = [
        {**FAILED, "execution_id": day, "execution_started_at": OCTOBER + day * DAY, "ended_at": OCTOBER + 9 * DAY}
        for day in (1, 2, 2, 3, 3, 3)
    ]
    [row] = answer("failure_hotspots", executions=runs, attempts=tries)
    assert (row["failures_by_day"], row["executions"]) == ("0 1 2 3 0", 3)
    # By hand: days -2..2 around the middle, (-2·0 -1·1 +0·2 +1·3 +2·0) / (4 + 1 + 0 + 1 + 4).
    assert row["trend_per_day"] == pytest.approx(0.2)


def test_an_old_file_does_not_stretch_the_days() -> None:
    long_ago = OCTOBER - 3_000 * DAY
    tries: list[Row] = [{**FAILED, "execution_started_at": long_ago}, FAILED]
    [row] = answer("failure_hotspots", executions=[{"started_at": long_ago}, {}], attempts=tries)
    assert row["failures"] == 2
    assert row["failures_by_day"] == "0 " * 89 + "1"
    assert row["last_day_at"] == OCTOBER


def test_a_failure_without_a_known_start_is_counted_and_has_no_day() -> None:
    tries: list[Row] = [{**FAILED}, {**FAILED, "execution_started_at": None}]
    [row] = answer("failure_hotspots", executions=[{}, {"started_at": None}], attempts=tries)
    assert (row["failures"], row["failures_by_day"]) == (2, "1")


def test_without_any_known_start_the_days_end_today() -> None:
    lost: Row = {**FAILED, "execution_started_at": None}
    [row] = answer("failure_hotspots", attempts=[lost], now_ms=OCTOBER + 5)
    assert (row["failures"], row["failures_by_day"], row["last_day_at"]) == (1, "0", OCTOBER)


def test_rates_are_of_the_attempts_of_that_state_in_that_machine() -> None:
    tries: list[Row] = [
        FAILED,
        {},
        {"region": "eu-west-1"},
        {**FAILED, "region": None},
        {"region": None},
        {"region": None},
        REDRIVE,
    ]
    rows = answer("failure_hotspots", attempts=tries)
    assert picked(rows, "region", "failures", "attempts", "failure_rate") == [
        ("us-east-1", 1, 2, 0.5),
        (None, 1, 3, pytest.approx(1 / 3)),
    ]


def test_aborted_and_succeeded_attempts_are_no_failures() -> None:
    assert answer("failure_hotspots", attempts=[{"outcome": "aborted"}, {}, REDRIVE]) == []
