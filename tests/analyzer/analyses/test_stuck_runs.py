from __future__ import annotations

from tests.analyzer.rows import DAY, OCTOBER, Row, answer, picked

NOW = OCTOBER + DAY
ENDED: list[Row] = [{"duration_ms": 1_000 * n} for n in range(1, 101)]


def running(age_ms: int, **cells: object) -> Row:
    return {"status": "RUNNING", "started_at": NOW - age_ms, "stopped_at": None, "duration_ms": None, **cells}


def test_what_runs_longer_than_99_of_100_is_stuck() -> None:
    rows = answer("stuck_runs", executions=[*ENDED, running(500_000, last_state="Wait"), running(60_000)], now_ms=NOW)
    # Between the 99th and the 100th of 1 to 100 seconds: 99.01.
    assert picked(rows, "last_state", "age_ms", "duration_p50_ms", "duration_p99_ms", "duration_max_ms") == [
        ("Wait", 500_000, 50_500.0, 99_010.0, 100_000)
    ]
    assert rows[0]["executions_ended"] == 100


def test_a_machine_without_a_history_of_its_own_has_no_usual() -> None:
    assert answer("stuck_runs", executions=[*ENDED[:19], running(DAY)], now_ms=NOW) == []
    assert answer("stuck_runs", executions=[*ENDED, running(DAY, machine="other")], now_ms=NOW) == []
