from __future__ import annotations

import random
from typing import Any

import pytest

from analyzer.analyses.changes import changes
from analyzer.registry import Facts
from tests.analyzer.rows import DAY, OCTOBER, Row, answer, attempts, executions, on_duckdb

RUNS = 40
"""Executions on a day."""


def month(seed: int, *, bad_from: int = 99, slow_from: int = 99, deploys: tuple[int, ...] = ()) -> list[Row]:
    """Thirty days of a machine: 4 % fail, or 40 % from a day on; runs of 2 s, or of 6 s from a day on."""
    dice, rows = random.Random(seed), []
    for day in range(30):
        revision = f"r{sum(day >= deploy for deploy in deploys)}"
        for _ in range(RUNS):
            is_failed = dice.random() < (0.4 if day >= bad_from else 0.04)
            took = round(dice.lognormvariate(0, 0.4) * (6_000 if day >= slow_from else 2_000))
            rows.append(
                {
                    "started_at": OCTOBER + day * DAY + dice.randrange(DAY),
                    "status": "FAILED" if is_failed else "SUCCEEDED",
                    "duration_ms": took,
                    "revision": revision,
                    "retries": int(dice.random() < 0.1),
                    "transitions": 5,
                }
            )
    return rows


def flagged(rows: list[Row], tries: list[Row] | None = None) -> list[dict[str, Any]]:
    facts = Facts(on_duckdb(executions(rows)), on_duckdb(attempts(tries or [])))
    found = changes.run(facts)
    return [{str(k): v for k, v in row.items()} for row in found.to_dict("records") if row["verdict"] == "worse"]


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_flagged_in_a_clean_month_with_a_deploy_that_changed_nothing(seed: int) -> None:
    assert flagged(month(seed, deploys=(12, 20))) == []


@pytest.mark.parametrize("seed", range(4))
def test_a_bad_revision_is_the_first_thing_told(seed: int) -> None:
    first, *_ = flagged(month(seed, bad_from=12, deploys=(12,)))
    assert (first["change"], first["measure"], first["revision_before"], first["revision"]) == (
        "deploy",
        "failure_rate",
        "r0",
        "r1",
    )
    assert first["before_high"] < first["after_low"]
    assert OCTOBER + 12 * DAY <= first["changed_at"] < OCTOBER + 13 * DAY


@pytest.mark.parametrize("seed", range(4))
def test_a_dependency_that_becomes_slow_without_a_deploy_is_told_with_its_day_and_state(seed: int) -> None:
    rows = month(seed, slow_from=18)
    tries = [
        {
            "execution_id": number,
            "execution_started_at": row["started_at"],
            "revision": "r0",
            "state": state,
            "run_ms": took,
        }
        for number, row in enumerate(rows, 1)
        for state, took in (("Call bank", row["duration_ms"]), ("Tidy up", 10))
    ]
    [found] = flagged(rows, tries)
    assert (found["change"], found["measure"], found["state"]) == ("shift", "duration_typical_ms", "Call bank")
    assert found["changed_at"] == OCTOBER + 18 * DAY
    assert found["after"] / found["before"] == pytest.approx(3, rel=0.2)


def test_a_few_executions_of_a_revision_tell_nothing() -> None:
    rows = answer(
        "changes", executions=[*month(1), {"revision": "r1", "status": "FAILED", "started_at": OCTOBER + 31 * DAY}]
    )
    assert {row["verdict"] for row in rows if row["change"] == "deploy"} == {"too few"}


def test_an_inferred_revision_is_the_revision() -> None:
    rows = answer("changes", executions=[{"revision": "r0"}, {"revision": "r0?"}])
    assert rows == []
