from __future__ import annotations

import pytest

from tests.analyzer.rows import OCTOBER, Row, answer, picked


def state(name: str, number: int, begin: int, end: int, **cells: object) -> Row:
    times = {"entered_at": OCTOBER + begin, "ended_at": OCTOBER + end, "exited_at": OCTOBER + end}
    return {"state": name, "event_id": number, "run_ms": end - begin, **times, **cells}


def parallel(execution: int, slow_ms: int, quick_ms: int) -> list[Row]:
    both = {"state_type": "Parallel", "holds_states": True}
    inside = {"parent_id": 2, "path": "Both"}
    rows = [
        state("Both", 2, 0, slow_ms, **both),
        state("Slow", 4, 0, slow_ms, branch=0, **inside),
        state("Quick", 5, 0, quick_ms, branch=1, is_critical=False, **inside),
        state("After", 9, slow_ms, slow_ms + 100),
    ]
    return [row | {"execution_id": execution} for row in rows]


def test_only_what_is_on_the_critical_path_counts() -> None:
    rows = answer("critical_states", executions=[{}], attempts=parallel(1, 900, 300))
    assert picked(rows, "state", "critical_ms", "critical_share", "critical_rate") == [
        ("Slow", 900, 0.9, 1.0),
        ("After", 100, 0.1, 1.0),
        ("Both", 0, 0.0, 1.0),
        ("Quick", 0, 0.0, 0.0),
    ]


def test_a_state_made_faster_saves_no_more_than_its_branch_leads() -> None:
    slack = answer("critical_states", executions=[{}], attempts=parallel(1, 1_000, 300))
    assert picked(slack, "state", "saving_p50_ms", "slack_p50_ms")[:1] == [("Slow", 200.0, 0.0)]
    # 20 % of 1,000 ms are 200, but the other branch ends only 50 ms earlier.
    close = answer("critical_states", executions=[{}], attempts=parallel(1, 1_000, 950))
    assert picked(close, "state", "saving_p50_ms", "slack_p50_ms") == [
        ("Slow", 50.0, 0.0),
        ("After", 20.0, None),
        ("Both", None, None),
        ("Quick", None, 50.0),
    ]


def test_savings_are_told_by_execution_at_the_median_and_at_p95() -> None:
    runs = [row for n, slow in enumerate((1_000, 2_000, 3_000), 1) for row in parallel(n, slow, 100)]
    [slow, *_] = answer("critical_states", executions=[{}] * 3, attempts=runs)
    assert (slow["saving_p50_ms"], slow["saving_p95_ms"]) == pytest.approx((400, 580))
    assert slow["executions_measured"] == 3


def test_a_branch_within_a_branch_is_held_back_by_both() -> None:
    outer, inner = {"parent_id": 2, "path": "Outer"}, {"parent_id": 4, "path": "Outer/Inner"}
    holds = {"state_type": "Parallel", "holds_states": True}
    rows = [
        state("Outer", 2, 0, 1_000, **holds),
        state("Inner", 4, 0, 1_000, branch=0, **holds, **outer),
        state("Deep", 6, 0, 1_000, branch=0, **inner),
        state("Beside", 7, 0, 900, branch=1, is_critical=False, **inner),
        state("Other", 8, 0, 970, branch=1, is_critical=False, **outer),
    ]
    [deep, *_] = answer("critical_states", executions=[{}], attempts=rows)
    assert (deep["state"], deep["saving_p50_ms"]) == ("Deep", 30.0)
