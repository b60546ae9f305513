"""What the analyses of cost have in common: the parts of a cost, what adds up to it, and the note that goes with a sum.

Costs over attempts are those of Standard. Express is billed by the execution: what its executions cost stands in a row
of its own, under `(execution)`, so that every table of cost adds up to the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, count, number, text
from analyzer.expressions import (
    Expressions,
    and_eventful,
    columns,
    flag,
    is_attempt,
    is_failure,
    is_partial,
    is_retry,
    one,
    part,
    totals,
)
from analyzer.ratios import ratio, share
from analyzer.registry import Facts
from store.quantiles import Table

NOT_BY_STATE = "Express is billed by request and duration, not by state"
SEVERAL = "estimate: added up from several prices or rules; the table executions has the note of each"
WHOLE = "(execution)"
"""What stands where a state would, in the row of what whole Express executions cost."""

IN_VAIN = ("FAILED", "TIMED_OUT", "ABORTED")
"""The statuses of executions that ended without success."""

MACHINE_TYPE = [*MACHINE, "type"]
PARTS = ("retry_cost_usd", "failure_cost_usd")
COSTS = ("cost_usd", *PARTS)

ATTEMPT_COUNTS: Expressions = {
    "attempts": flag(is_attempt),
    "transitions": nw.col("transitions"),
    "attempts_partial": flag(is_attempt & is_partial),
}
ATTEMPT_COLUMNS = (
    count("attempts", "tries of states; 0 where whole Express executions are priced"),
    count("transitions", "billable state transitions, children of Distributed Maps included"),
    number("cost_usd", "list price before the free tier; empty when no price is known, and for attempts of Express"),
    number("cost_share", "of the cost of all rows"),
    number("retry_cost_usd", "the part of the cost that retries made"),
    number("failure_cost_usd", "the part of the cost that attempts made which failed or timed out"),
    count("attempts_partial", "tries in executions whose history is not complete: there the cost is a lower bound"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)
"""What `costs_by` says of each row, and `cost_share`."""


def attempt_costs(attempts: Table, by: Sequence[str] | Expressions, counts: Expressions | None = None) -> pd.DataFrame:
    """By group: `cost_usd`, and the parts of it that retries and failed attempts made; and what else is to be counted.

    All three are empty where no cost is known.
    """
    cost = nw.col("cost_usd")
    parts = {"retry_cost_usd": part(is_retry, cost), "failure_cost_usd": part(is_failure, cost)}
    costs = and_eventful(totals(attempts, by, counts=counts, amounts={"cost_usd": cost}), attempts, by, parts)
    return costs.assign(**{name: costs[name].mask(costs["cost_usd"].isna()) for name in parts})


def costs_by(facts: Facts, keys: Expressions, counts: Expressions, whole: Expressions) -> pd.DataFrame:
    """By machine, type and `keys`: the counts and costs of attempts, and their note.

    Express executions are further rows, in which the keys are those that `whole` makes of an execution. They are none
    where only some attempts are looked at, because an execution's cost is no attempt's.
    """
    costs = attempt_costs(facts.attempts, {**columns(MACHINE_TYPE), **keys}, counts)
    if not facts.some_attempts:
        costs = _joined(costs, _express_costs(facts.executions, whole))
    notes = cost_notes(facts.executions, MACHINE_TYPE)
    noted = costs.merge(notes, on=MACHINE_TYPE, how="left")
    of_state = (noted["type"] == "EXPRESS") & noted["cost_usd"].isna()
    return noted.assign(cost_note=noted["cost_note"].mask(of_state.fillna(value=False), NOT_BY_STATE))


def as_whole(**keys: str) -> Expressions:
    """Keys of Express executions that are the same for all of them; an empty text stands for no value."""
    return {name: nw.lit(key) if key else nw.lit(None, nw.String) for name, key in keys.items()}


def _express_costs(executions: Table, keys: Expressions) -> pd.DataFrame:
    of_express = executions.filter(nw.col("type") == "EXPRESS")
    return totals(of_express, {**columns(MACHINE_TYPE), **keys}, amounts={"cost_usd": nw.col("cost_usd")})


def _joined(costs: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """Both under each other; what is counted of attempts is 0 in the rows of executions."""
    if whole.empty:
        return costs
    rows = whole.reindex(columns=[*costs]).astype(costs.dtypes.to_dict())
    counts = [name for name in costs if name not in {*whole, *PARTS}]
    return pd.concat([costs, rows.assign(**rows[counts].fillna(0))], ignore_index=True)


def added_up(costs: pd.DataFrame, by: Sequence[str], counts: Sequence[str]) -> pd.DataFrame:
    """The rows of `costs_by` by fewer keys: `machines`, the counts, the costs, their share, and a note for all."""
    grouped = costs.groupby([*by], dropna=False, sort=False)
    sums: pd.DataFrame = grouped[[*counts]].sum().join(grouped[[*COSTS]].sum(min_count=1))
    notes = grouped["cost_note"].agg(["min", "max"]).rename(columns={"min": "cost_note", "max": OTHER})
    noted = one_note(notes)["cost_note"]
    return sums.assign(machines=grouped.size(), cost_note=noted, cost_share=share(sums["cost_usd"])).reset_index()


OTHER = "another cost_note"


def one_note(costs: pd.DataFrame) -> pd.DataFrame:
    """The rows with one note each: their own where the first and the last of them, `OTHER`, agree."""
    agree = (costs["cost_note"] == costs[OTHER]).fillna(value=True)
    return costs.drop(columns=OTHER).assign(cost_note=costs["cost_note"].where(agree, SEVERAL))


def cost_notes(executions: Table, by: Sequence[str]) -> pd.DataFrame:
    """By group, the note of its executions' costs: their own where they agree."""
    note = nw.col("cost_note")
    return one_note(totals(executions, by, first={"cost_note": note}, last={OTHER: note}))


EXECUTION_COUNTS: Expressions = {
    "executions": one,
    "succeeded": flag(nw.col("status") == "SUCCEEDED"),
    "transitions": nw.col("transitions"),
    "executions_unpriced": flag(nw.col("cost_usd").is_null()),
    "executions_partial": flag(is_partial),
}
EXECUTION_COLUMNS = (
    count("executions", "executions that started"),
    count("succeeded", "of them SUCCEEDED"),
    count("transitions", "billable state transitions"),
    number("cost_usd", "list price before the free tier; empty when no price is known"),
    number("cost_share", "of the cost of all rows"),
    number("cost_per_execution_usd", "cost by execution whose cost is known"),
    number("cost_per_success_usd", "cost of all of them, by execution that succeeded; empty when none did"),
    number("failed_executions_cost_usd", "the part of the cost that executions made which did not succeed in the end"),
    count("executions_unpriced", "executions whose cost is not known: they are not in the sums"),
    count("executions_partial", "executions whose history is not complete: there the cost is a lower bound"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)
"""What `execution_costs` and `per_outcome` say of each row, and `cost_share`."""


def execution_costs(
    facts: Facts,
    by: Sequence[str] | Expressions,
    counts: Expressions = EXECUTION_COUNTS,
    first: Expressions | None = None,
    last: Expressions | None = None,
) -> pd.DataFrame:
    """By group: counts of executions, their cost, the part of those that did not succeed, and a note for all."""
    cost, note = nw.col("cost_usd"), nw.col("cost_note")
    costs = totals(
        facts.executions,
        by,
        counts=counts,
        amounts={"cost_usd": cost, "failed_executions_cost_usd": part(nw.col("status").is_in(list(IN_VAIN)), cost)},
        first={"cost_note": note, **(first or {})},
        last={OTHER: note, **(last or {})},
    )
    return one_note(costs)


def per_outcome(costs: pd.DataFrame) -> pd.DataFrame:
    """The same rows of `execution_costs` with the cost of an execution, and of one that succeeded."""
    priced = costs["executions"] - costs["executions_unpriced"]
    return costs.assign(
        cost_per_execution_usd=ratio(costs["cost_usd"], priced),
        cost_per_success_usd=ratio(costs["cost_usd"], costs["succeeded"]),
    )
