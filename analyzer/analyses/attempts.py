"""The second fact table, as it leaves."""

from __future__ import annotations

from analyzer.registry import Facts, analysis
from store.quantiles import Table
from store.schema import ATTEMPTS

COLUMNS = tuple(column for column in ATTEMPTS if column.exported)


@analysis(counts="attempts", columns=COLUMNS, is_export=True)
def attempts(facts: Facts) -> Table:
    """What happened at each try of each state?

    One row per attempt, and one per redrive, in no particular order.
    """
    return facts.attempts
