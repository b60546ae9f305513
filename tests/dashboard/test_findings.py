from __future__ import annotations

from typing import Any

import pandas as pd

from analyzer.comparison import Divergence
from dashboard import findings
from dashboard.filters import Filters
from tests.analyzer.rows import DAY, OCTOBER
from tests.dashboard.answered import ATTEMPTS, EXECUTIONS, HOSTILE, answered

WEEK = Filters()
CHANGE: dict[str, Any] = {
    "machine": "orders",
    "region": "us-east-1",
    "account": "1",
    "change": "deploy",
    "changed_at": OCTOBER + DAY,
    "revision": "r2",
    "measure": "failure_rate",
    "state": None,
    "verdict": "worse",
    "before": 0.02,
    "after": 0.3,
    "definition_changes": "Retry of Charge is none instead of 2 times",
}


def changes(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([CHANGE | row for row in rows], columns=list(CHANGE))


def test_a_bad_revision_is_told_with_what_it_changed() -> None:
    text = findings.changed(changes({}, {"changed_at": OCTOBER}), WEEK)
    assert text.startswith(
        "**Revision `r2` of `orders`, of 2026-10-02, made it worse**: failed executions 2.0 % before, 30 % since."
    )
    assert "It changed the definition: Retry of Charge is none instead of 2 times." in text
    assert text.endswith("1 other change made something worse too.")


def test_nothing_worse_is_a_sentence() -> None:
    assert (
        findings.changed(changes(), WEEK) == "Nothing became worse in the last 7 days, as far as the numbers can tell."
    )


def test_a_slow_dependency_is_the_first_thing_told() -> None:
    slow = {"change": "shift", "measure": "duration_typical_ms", "state": "Charge", "before": 1_000.0, "after": 4_000.0}
    text = findings.time_spent(parts(), states(), changes(slow), WEEK)
    assert text.startswith("**`Charge` of `orders` became slower on 2026-10-02**, without a")
    assert "an execution took 1 s before and 4 s since." in text


def parts() -> pd.DataFrame:
    cells = {f"critical_{name}_ms": 0 for name in ("queue", "external", "wait", "backoff")}
    return answered("time_breakdown", [row | cells | {"critical_run_ms": 600} for row in EXECUTIONS], ATTEMPTS)


def states() -> pd.DataFrame:
    return answered("critical_states", EXECUTIONS, [row | {"event_id": n} for n, row in enumerate(ATTEMPTS)])


def test_where_the_time_goes_in_numbers() -> None:
    text = findings.time_spent(parts(), states(), changes(), WEEK)
    assert "takes most time in the last 7 days" in text
    assert "60 % at work" in text


def test_ways_names_the_one_that_fails_most() -> None:
    runs = [row | {"variant": "A → B" if row["status"] == "FAILED" else "A"} for row in EXECUTIONS]
    text = findings.ways(answered("paths", runs, ATTEMPTS), answered("edges", runs, ATTEMPTS), WEEK)
    assert "Most failures end the way `A → B` of `orders`: **2 of 2 executions**." in text


def test_names_of_strangers_stay_text() -> None:
    runs = [{"variant": HOSTILE, "status": "FAILED", "machine": HOSTILE}]
    text = findings.ways(answered("paths", runs, []), answered("edges", runs, []), WEEK)
    assert f"`{HOSTILE}`" in text


def test_limits_and_stuck_runs() -> None:
    assert findings.nearest_limit(pd.DataFrame(), OCTOBER) == "Nothing that has a limit was used."
    near = answered("runway", [{"events": 24_000}], [])
    assert (
        "**1 limit near**, 1 of them critical. First: events in the history of `orders`: **96 %**"
        in findings.nearest_limit(near, OCTOBER)
    )
    assert findings.stuck(pd.DataFrame()) == "No open execution has run for longer than 99 of 100 of its machine do."


def test_where_two_ways_part() -> None:
    assert findings.parting(None) == "Both took the same way."
    parted = Divergence("Items", "A", "B", None)
    assert (
        findings.parting(parted) == "Their ways part in `Items` **after `A`**: the first went to `B`, the second ended."
    )
