"""Machines whose executions take too long."""

from __future__ import annotations

import narwhals as nw

from analyzer.columns import MACHINE
from analyzer.expressions import columns, one
from analyzer.frames import collected
from analyzer.registry import Facts
from analyzer.rules.finding import Finding
from analyzer.rules.thresholds import breaches, is_asked, looked_at
from store.quantiles import quantile_column, quantiles_by
from store.settings import Settings

RULE = "p95_ms"
SENTENCE = "95 of 100 executions took up to {value:,.0f} ms in the last {days} days; {threshold:,.0f} ms are allowed."
P95 = 0.95


def findings(facts: Facts, settings: Settings) -> list[Finding]:
    """A finding for each machine whose 95th percentile of duration is longer than allowed."""
    rules = settings.rules
    if not is_asked(rules, RULE):
        return []
    ended = looked_at(facts, rules).executions.filter(~nw.col("duration_ms").is_null())
    timed = ended.select(**columns([*MACHINE, "duration_ms"]), ended=one)
    machines = collected(quantiles_by(timed, MACHINE, ["duration_ms"], [P95], ["ended"]))
    machines = machines[machines["ended"] >= rules.least_executions]
    measured = machines.rename(columns={quantile_column("duration_ms", P95): "value"})
    return breaches(measured.sort_values([*MACHINE]), rules, RULE, "ms", SENTENCE)
