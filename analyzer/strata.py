"""Which executions were left out of the fetching, and what those fetched count: the two tables of an estimate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, count, number
from analyzer.expressions import columns, one, totals
from analyzer.registry import Facts
from analyzer.sampling import STRATUM, extrapolated, unrepresented
from analyzer.window import CARRIED, MS_IN_DAY
from store.quantiles import Table
from store.schema import Column

STARTED_AT = CARRIED["started_at"]


class Estimated(NamedTuple):
    """The three columns that say what a column would be, had nothing been left out."""

    of: str
    estimated: str
    low: str
    high: str

    def columns(self, what: str, *, is_count: bool) -> tuple[Column, ...]:
        """Their declarations; `what` names the sums."""
        declared = count if is_count else number
        return (
            declared(self.estimated, f"{what}, had no history been left out to save calls; the same where none was"),
            declared(self.low, "lower end of the interval that holds the true number in 95 of 100 samples"),
            declared(self.high, "upper end of it; all three are empty where too little was fetched to tell"),
        )


def estimated(name: str) -> Estimated:
    """The columns for a column of this name; its unit stays last."""
    stem, unit = (name.removesuffix("_usd"), "_usd") if name.endswith("_usd") else (name, "")
    return Estimated(name, *(f"{stem}_{end}{unit}" for end in ("estimated", "low", "high")))


def strata(executions: Table) -> pd.DataFrame:
    """By machine and UTC day of start, how many histories of successes were `fetched` and `left_out`.

    No rows where none was left out, which one look at a column tells.
    """
    left_out = totals(executions.filter(is_left_out), _DAYS, counts={"left_out": one})
    if left_out.empty:
        return left_out.assign(fetched=left_out["left_out"])
    fetched = totals(executions.filter(_is_chosen_by_lot), _DAYS, counts={"fetched": one})
    both = left_out.merge(fetched, on=STRATUM, how="outer")
    return both.fillna({"fetched": 0, "left_out": 0})


_DAYS = {**columns(MACHINE), "day": nw.col("started_at") // MS_IN_DAY}
is_left_out = nw.col("completeness") == "sampled"
_is_chosen_by_lot = (nw.col("status") == "SUCCEEDED") & (nw.col("redrives") == 0) & ~nw.col("attempts").is_null()
"""A history that was fetched as one of its stratum: failures and redriven executions are fetched all."""


def with_estimates(
    frame: pd.DataFrame, facts: Facts, by: Sequence[str], names: Estimated, table: Table, amount: nw.Expr
) -> pd.DataFrame:
    """The frame with the three columns for its column `names.of`, which is the sum of `amount` over `table` by group.

    `table` is that of the executions, or that of the attempts narrowed to those that count.
    """
    known = strata(facts.executions)
    if known.empty:
        return frame.assign(**dict.fromkeys(names[1:], frame[names.of]))
    added = extrapolated(_sums(table, facts.executions, by, amount), known, by)
    merged = frame.merge(added, on=list(by), how="left").merge(
        unrepresented(known).assign(is_unknown=True), on=[*MACHINE], how="left"
    )
    more = merged[["added", "added_low", "added_high"]].fillna(0.0).mask(merged["is_unknown"].notna())
    sums = {name: frame[names.of] + more[part].array for name, part in zip(names[1:], more, strict=True)}
    return frame.assign(**{name: _typed(cells, frame[names.of]) for name, cells in sums.items()})


def _typed(cells: pd.Series, like: pd.Series) -> pd.Series:
    """Whole numbers where what they estimate is counted."""
    return cells.astype("Float64").round().astype("Int64") if pd.api.types.is_integer_dtype(like) else cells


def _sums(table: Table, executions: Table, by: Sequence[str], amount: nw.Expr) -> pd.DataFrame:
    """By group and stratum, the sum over the fetched executions of each one's amount, and of its square."""
    chosen = executions.filter(_is_chosen_by_lot).select("execution_id")
    started_at = nw.col(STARTED_AT if STARTED_AT in table.columns else "started_at")
    rows = table.join(chosen, on="execution_id", how="semi").select(
        **columns(by), day=started_at // MS_IN_DAY, execution_id=nw.col("execution_id"), amount=amount
    )
    by_execution = rows.group_by(*by, "day", "execution_id").agg(nw.col("amount").sum())
    sums = {"total": nw.col("amount"), "squares": nw.col("amount") * nw.col("amount")}
    return totals(by_execution, [*by, "day"], counts=sums)
