"""What AWS counted beside what the histories say, by day, account and Region, and what may lie between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analyzer.expressions import columns, flag, is_partial, one, part, totals
from analyzer.registry import Facts
from analyzer.window import MS_IN_DAY

PLACE = ["day_at", "account", "region"]
AGREES_WITHIN = 0.005
"""The part of a quantity by which two counts may differ at the edge of a day and still be said to agree."""

_BILLED = r"(?:^|-)StateTransition$"


def by_place(facts: Facts) -> pd.DataFrame:
    """By UTC day, account and Region: `transitions`, `executions`, `redrives`, `executions_unknown`, and AWS's counts.

    Transitions are those of the day on which they were made, executions those that started on it; unknown are the
    executions without a whole history. `consumed_capacity` and `billed_transitions` are empty where nobody asked.
    """
    own = _transitions(facts).merge(_executions(facts), on=PLACE, how="outer")
    billed, settled = _billed(facts.records["billing"])
    if not billed.empty and (billed["account"] == "").all():
        own = own.assign(account="").groupby(PLACE, as_index=False).sum()
    found = own.merge(_consumed(facts), on=PLACE, how="left").merge(billed, on=PLACE, how="outer")
    counts = ["transitions", "redrives", "executions", "executions_unknown"]
    found[counts] = found[counts].fillna(0).astype("Int64")
    return found.merge(settled, on=["day_at", "account"], how="left").sort_values(PLACE, ignore_index=True)


def _transitions(facts: Facts) -> pd.DataFrame:
    """When a try began decides its day, not when its execution did."""
    began = nw.coalesce(
        nw.col("scheduled_at"), nw.col("entered_at"), nw.col("ended_at"), nw.col("execution_started_at")
    )
    return _placed(
        totals(
            facts.attempts.filter(nw.col("type") == "STANDARD"),
            {**columns(["account", "region"]), "day_at": began // MS_IN_DAY * MS_IN_DAY},
            counts={
                "transitions": nw.col("transitions"),
                "redrives": part(nw.col("attempt").is_null(), nw.col("transitions")),
            },
        )
    )


def _executions(facts: Facts) -> pd.DataFrame:
    is_unknown = is_partial & (nw.col("completeness") != "running")
    return _placed(
        totals(
            facts.executions.filter(nw.col("type") == "STANDARD"),
            {**columns(["account", "region"]), "day_at": nw.col("started_at") // MS_IN_DAY * MS_IN_DAY},
            counts={"executions": one, "executions_unknown": flag(is_unknown)},
        )
    )


def _consumed(facts: Facts) -> pd.DataFrame:
    """ConsumedCapacity of the account where it was read, else of its machines together."""
    metrics = facts.records.get("metrics")
    if metrics is None or metrics.empty:
        return pd.DataFrame(columns=[*PLACE, "consumed_capacity"]).astype({"day_at": "Int64"})
    is_taken = (metrics["metric"] == "ConsumedCapacity") & (metrics["subject"] == "StateTransition")
    rows = _placed(metrics[is_taken]).assign(day_at=metrics["at"] // MS_IN_DAY * MS_IN_DAY)
    whole = rows["machine"].fillna("") == ""
    by_whole, by_machine = (
        rows[which].groupby(PLACE)["value"].sum().rename("consumed_capacity") for which in (whole, ~whole)
    )
    return by_whole.combine_first(by_machine).reset_index()


def _billed(lines: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The transitions on the bill, and which days of it are settled."""
    lines = _placed(lines)
    days = lines.groupby(["day_at", "account"])["settled"].all().reset_index()
    counted = lines[lines["usage_type"].astype("string").str.contains(_BILLED, regex=True).astype(bool)]
    return counted.groupby(PLACE)["quantity"].sum().rename("billed_transitions").reset_index(), days


def _placed(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts as plain objects, for pandas cannot join empty columns of Arrow's."""
    named = [name for name in ("account", "region") if name in frame]
    return frame.fillna(dict.fromkeys(named, "")).astype(dict.fromkeys(named, object))


def explanation(row: Mapping[Any, Any], missed: int) -> str:
    """What may lie between the bill of a day and our count, likeliest first; `missed` machines were not collected."""
    billed, counted = row["billed_transitions"], int(row["transitions"])
    if pd.isna(billed):
        return "no bill is known for this day: `stepscope billing` asks for it"
    residual = float(billed) - counted
    if abs(residual) <= AGREES_WITHIN * max(float(billed), 1):
        return "they agree"
    if residual < 0:
        late = "" if row["settled"] is True else ", and the day is not settled yet"
        return f"the bill has less: transitions near midnight, or usage that is not on it{late}"
    return "; ".join(_reasons(row, residual, missed)) or "not explained: executions that no listing shows"


def _reasons(row: Mapping[Any, Any], residual: float, missed: int) -> list[str]:
    executions, unknown = int(row["executions"]), int(row["executions_unknown"])
    found = []
    if unknown:
        found.append(f"{unknown:,} executions without a whole history are not all in ours")
    if executions and abs(residual - executions) <= AGREES_WITHIN * executions:
        found.append("as many as executions started: the bill counts one more for each start")
    if row["redrives"] and residual <= int(row["redrives"]) * 2:
        found.append(f"{int(row['redrives']):,} redrives, each counted once")
    if missed:
        found.append(f"{missed:,} machines could not be collected")
    return found
