"""Tables as pages get them: the answers of the analyses over a few rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analyzer.registry import Facts, analysis_named
from tests.analyzer.rows import DAY, OCTOBER, attempts, executions, on_duckdb

HOSTILE = "<b>x</b> $y$ %{z}"
NOW = OCTOBER + 3 * DAY

EXECUTIONS: list[dict[str, Any]] = [
    {"status": "SUCCEEDED"},
    {"status": "SUCCEEDED", "masked_failure": True, "caught": 1, "root_state": "Charge"},
    {"status": "FAILED", "started_at": OCTOBER + DAY, "root_state": "Charge", "retries": 1},
    {"status": "RUNNING", "started_at": OCTOBER + DAY, "completeness": "running", "cost_usd": None},
    {"status": "FAILED", "machine": HOSTILE, "started_at": OCTOBER + 2 * DAY},
    {"status": "FAILED", "started_at": OCTOBER + 2 * DAY, "root_state": "Charge"},
]
FAILED: dict[str, Any] = {"outcome": "failed", "error": "CardDeclined"}
ATTEMPTS: list[dict[str, Any]] = [
    {"execution_id": 1, "run_ms": 200, "queue_ms": 10},
    {"execution_id": 1, "state": "Wait", "state_type": "Wait", "run_ms": 60_000},
    {"execution_id": 2, **FAILED, "handled": "caught", "execution_status": "SUCCEEDED"},
    {"execution_id": 3, **FAILED, "handled": "retried", "execution_status": "FAILED"},
    {
        "execution_id": 3,
        **FAILED,
        "attempt": 2,
        "visit_error": "CardDeclined",
        "backoff_ms": 2_000,
        "handled": "uncaught",
        "is_root": True,
        "is_terminal": True,
        "execution_status": "FAILED",
        "execution_started_at": OCTOBER + DAY,
    },
    {"execution_id": 6, **FAILED, "is_root": True, "execution_status": "FAILED"},
    {
        "execution_id": 5,
        "machine": HOSTILE,
        "state": HOSTILE,
        "outcome": "timed_out",
        "error": HOSTILE,
        "is_root": True,
        "execution_status": "FAILED",
        "queue_ms": 5_000,
        "execution_started_at": OCTOBER + 2 * DAY,
    },
]


def answered(
    name: str,
    execution_rows: Iterable[Mapping[str, Any]] = EXECUTIONS,
    attempt_rows: Iterable[Mapping[str, Any]] = ATTEMPTS,
) -> pd.DataFrame:
    """The answer of an analysis."""
    facts = Facts(on_duckdb(executions(execution_rows)), on_duckdb(attempts(attempt_rows)))
    return analysis_named(name).run(facts)


def nothing(name: str) -> pd.DataFrame:
    """The answer of an analysis when there is nothing to count."""
    return answered(name, [], [])
