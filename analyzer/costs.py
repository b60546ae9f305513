"""What the analyses of cost have in common: the parts of a cost, and the note that goes with a sum of costs."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from analyzer.expressions import Expressions, is_failure, is_retry, part, totals
from store.quantiles import Table

NOT_BY_STATE = "Express is billed by request and duration, not by state"
SEVERAL = "estimate: added up from several prices or rules; the table executions has the note of each"


def attempt_costs(attempts: Table, by: Sequence[str], counts: Expressions | None = None) -> pd.DataFrame:
    """By group: `cost_usd`, and the parts of it that retries and failed attempts made; and what else is to be counted.

    All three are empty where no cost is known.
    """
    cost = nw.col("cost_usd")
    parts = {"retry_cost_usd": part(is_retry, cost), "failure_cost_usd": part(is_failure, cost)}
    costs = totals(attempts, by, counts={**(counts or {}), **parts}, amounts={"cost_usd": cost})
    return costs.assign(**{name: costs[name].mask(costs["cost_usd"].isna()) for name in parts})


def cost_notes(executions: Table, by: Sequence[str]) -> pd.DataFrame:
    """By group, the note of its executions' costs: their own where they agree."""
    note = nw.col("cost_note")
    notes = totals(executions, by, first={"cost_note": note}, last={"other": note})
    agree = (notes["cost_note"] == notes["other"]).fillna(value=True)
    return notes.drop(columns="other").assign(cost_note=notes["cost_note"].where(agree, SEVERAL))
