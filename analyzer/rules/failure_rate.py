"""Machines of which too many executions do not succeed."""

from __future__ import annotations

import narwhals as nw

from analyzer.columns import MACHINE
from analyzer.expressions import flag, one, totals
from analyzer.registry import Facts
from analyzer.rules.finding import Finding
from analyzer.rules.thresholds import breaches, is_asked, looked_at
from store.settings import Settings

RULE = "failure_rate"
SENTENCE = (
    "{failed:,} of {ended:,} executions ({value:.1%}) did not succeed in the last {days} days; {threshold:.1%} may."
)


def findings(facts: Facts, settings: Settings) -> list[Finding]:
    """A finding for each machine of whose ended executions more FAILED, TIMED_OUT or were ABORTED than may."""
    rules = settings.rules
    if not is_asked(rules, RULE):
        return []
    ended = looked_at(facts, rules).executions.filter(nw.col("status").is_in([*UNSUCCESSFUL, "SUCCEEDED"]))
    failed = flag(nw.col("status").is_in(UNSUCCESSFUL))
    machines = totals(ended, MACHINE, counts={"failed": failed, "ended": one})
    machines = machines[machines["ended"] >= rules.least_executions]
    return breaches(machines.assign(value=machines["failed"] / machines["ended"]), rules, RULE, "rate", SENTENCE)


UNSUCCESSFUL = ["FAILED", "TIMED_OUT", "ABORTED"]
