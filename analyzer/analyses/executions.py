"""The first fact table, as it leaves."""

from __future__ import annotations

from analyzer.registry import Facts, analysis
from store.quantiles import Table
from store.schema import EXECUTIONS

COLUMNS = tuple(column for column in EXECUTIONS if column.exported)


@analysis(counts="executions", columns=COLUMNS, is_export=True)
def executions(facts: Facts) -> Table:
    """How did each execution go, and what did it cost?

    One row per execution known, running and partial ones too, in no particular order.
    """
    return facts.executions
