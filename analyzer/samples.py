"""Some of the executions, where all would take too long: the same ones each time, spread evenly."""

from __future__ import annotations

import narwhals as nw

from analyzer.expressions import one, totals
from analyzer.registry import Facts
from store.quantiles import Table

MEASURED = 10_000
"""Executions that are looked at one by one."""


def measured_attempts(facts: Facts, most: int = MEASURED) -> Table:
    """The attempts of all executions, or of every n-th when there are more than `most`."""
    known = totals(facts.executions.with_columns(all=one), ["all"], counts={"executions": one})
    every = -(-int(known["executions"].sum()) // most)
    return facts.attempts if every <= 1 else facts.attempts.filter(nw.col("execution_id") % every == 0)
