from __future__ import annotations

from analyzer.analyses.critical_states import NEEDED
from analyzer.frames import collected
from analyzer.savings import branch_slack, placed, savings
from tests.analyzer.rows import attempts, on_duckdb


def test_without_attempts_nothing_is_saved_and_nothing_waits() -> None:
    rows = placed(collected(on_duckdb(attempts([])).select(*NEEDED)))
    assert savings(rows).empty
    assert branch_slack(rows).empty
