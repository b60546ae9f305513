"""Machines of which too many executions succeed although something in them failed."""

from __future__ import annotations

import narwhals as nw

from analyzer.columns import MACHINE
from analyzer.expressions import flag, one, totals
from analyzer.registry import Facts
from analyzer.rules.finding import Finding
from analyzer.rules.thresholds import breaches, is_asked, looked_at
from store.settings import Settings

RULE = "masked_rate"
SENTENCE = (
    "{masked:,} of {succeeded:,} executions that succeeded ({value:.1%}) hide a failure in the last {days} days;"
    " {threshold:.1%} may."
)


def findings(facts: Facts, settings: Settings) -> list[Finding]:
    """A finding for each machine of whose succeeded executions more are masked failures than may be."""
    rules = settings.rules
    if not is_asked(rules, RULE):
        return []
    succeeded = looked_at(facts, rules).executions.filter(nw.col("status") == "SUCCEEDED")
    masked = flag(nw.col("masked_failure").fill_null(value=False))
    machines = totals(succeeded, MACHINE, counts={"masked": masked, "succeeded": one})
    machines = machines[machines["succeeded"] >= rules.least_executions]
    return breaches(machines.assign(value=machines["masked"] / machines["succeeded"]), rules, RULE, "rate", SENTENCE)
