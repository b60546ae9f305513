from __future__ import annotations

from typing import Any

import pytest

from store.settings import MachineObjectives, Settings, SloSettings
from tests.analyzer.rows import DAY, OCTOBER, Row, answer

NOW = OCTOBER + 3 * DAY


def rows(slo: SloSettings, executions: list[dict[str, Any]]) -> list[Row]:
    return answer("service_levels", executions=executions, settings=Settings(slo=slo), now_ms=NOW)


def many(good: int, bad: int, **more: Any) -> list[dict[str, Any]]:
    return [{**more}] * good + [{"status": "FAILED", **more}] * bad


@pytest.mark.parametrize(("bad", "standing", "left"), [(0, "kept", 1.0), (1, "kept", 0.5), (3, "missed", -0.5)])
def test_the_budget_is_what_may_fail(bad: int, standing: str, left: float) -> None:
    [row] = rows(SloSettings(success_rate=0.98), many(100 - bad, bad))
    assert (row["standing"], row["executions"], row["bad"]) == (standing, 100, bad)
    assert row["budget"] == pytest.approx(2)
    assert row["budget_left_share"] == pytest.approx(left)


def test_a_day_that_spends_faster_than_evenly_is_a_risk() -> None:
    today = many(48, 2, started_at=NOW - 1_000)
    [row] = rows(SloSettings(success_rate=0.98), [*many(200, 0), *today])
    assert row["standing"] == "at_risk"
    assert row["burn_rate"] == pytest.approx(2.0)


def test_of_too_few_executions_no_pace_is_told() -> None:
    [row] = rows(SloSettings(success_rate=0.98), [*many(200, 0), *many(4, 1, started_at=NOW - 1_000)])
    assert (row["burn_rate"], row["standing"]) == (None, "kept")


def test_a_p95_is_kept_by_95_of_100() -> None:
    slow = [{"duration_ms": 900}] * 95 + [{"duration_ms": 1_001}] * 5
    [row] = rows(SloSettings(p95_ms=1_000), slow)
    assert (row["objective"], row["bad"], row["standing"]) == ("p95_ms", 5, "kept")
    [row] = rows(SloSettings(p95_ms=1_000), [*slow, {"duration_ms": 2_000}])
    assert row["standing"] == "missed"


def test_a_machine_of_its_own_name_has_its_own_objective() -> None:
    slo = SloSettings(success_rate=0.5, machines=(MachineObjectives(machine="ord*", success_rate=0.9),))
    found = rows(slo, [*many(10, 0), *many(10, 0, machine="주문 검증")])
    assert {str(row["machine"]): row["promised"] for row in found} == {"orders": 0.9, "주문 검증": 0.5}


def test_what_runs_and_what_is_older_counts_for_nothing() -> None:
    others: list[dict[str, Any]] = [{"status": "RUNNING"}, {"status": "FAILED", "started_at": NOW - 31 * DAY}]
    [row] = rows(SloSettings(success_rate=0.5), [*many(1, 0), *others])
    assert row["executions"] == 1


def test_nothing_promised_gives_no_rows() -> None:
    assert rows(SloSettings(), many(3, 3)) == []
    assert rows(SloSettings(success_rate=0.9), []) == []
