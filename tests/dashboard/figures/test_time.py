from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.time import changed_measures, executions_of_variants, parts_of_machines, used_of_limits
from tests.analyzer.rows import DAY, OCTOBER
from tests.dashboard.answered import EXECUTIONS, answered

PARTS = {f"critical_{name}_ms": 100 for name in ("queue", "run", "external", "wait", "backoff")}


def test_the_parts_of_each_machine_make_up_its_whole_time() -> None:
    figure = parts_of_machines(answered("time_breakdown", [row | PARTS for row in EXECUTIONS], []))
    assert [round(sum(cells), 6) for cells in zip(*(bar.x for bar in figure.data), strict=True)] == [1.0, 1.0]


def test_variants_by_how_they_ended() -> None:
    runs = [{"variant": "A", "status": "FAILED"}, {"variant": "A"}, {"variant": "B"}]
    figure = executions_of_variants(answered("paths", runs, []))
    assert {bar.name: list(bar.x) for bar in figure.data} == {"failed": [1, 0], "did not fail": [1, 1]}


def test_measures_against_what_they_were() -> None:
    row = {"measure": "failure_rate", "machine": "orders", "state": None, "change": "deploy", "verdict": "worse"}
    sides = {"before": 0.1, "after": 0.4, "after_low": 0.3, "after_high": 0.5}
    worse = changed_measures(pd.DataFrame([row | sides])).data[0]
    assert list(worse.x) == [4.0]
    assert [round(end, 6) for end in (*worse.error_x.array, *worse.error_x.arrayminus)] == [1.0, 1.0]


def test_limits_by_what_is_used_of_them() -> None:
    runs: list[dict[str, Any]] = [{"events": 24_000}, {"status": "FAILED", "stopped_at": OCTOBER + DAY}]
    figure = used_of_limits(answered("runway", runs, []))
    assert next(bar for bar in figure.data if bar.name == "critical").x[0] == 0.96
