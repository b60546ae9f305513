"""What CloudWatch counted, for analyses: `records["metrics"]` by machine, and by account and Region."""

from __future__ import annotations

import pandas as pd

from analyzer.columns import MACHINE

ACCOUNT = ["region", "account"]
THROTTLED = "ExecutionThrottled"


def points(metrics: pd.DataFrame, metric: str, stat: str) -> pd.DataFrame:
    """The points of one metric, texts that are not known empty."""
    found = metrics[(metrics["metric"] == metric) & (metrics["stat"] == stat)]
    return found.fillna(dict.fromkeys([*MACHINE, "subject"], ""))


def throttled(metrics: pd.DataFrame, spans: pd.DataFrame) -> pd.Series:
    """Transitions that AWS throttled in the span of each machine (`first_at`, `last_at`), by its key.

    CloudWatch has points only of machines that were throttled: any other metric of a machine means that there was none.
    Machines of which the store has no metric at all are not in the answer.
    """
    known = metrics.fillna(dict.fromkeys(MACHINE, ""))[list(MACHINE)].drop_duplicates()
    counted = points(metrics, THROTTLED, "Sum").merge(spans, on=list(MACHINE))
    end = counted["at"] + counted["period_s"] * 1_000
    within = counted[(end > counted["first_at"]) & (counted["at"] <= counted["last_at"])]
    sums = within.groupby(list(MACHINE))["value"].sum()
    return sums.reindex(pd.MultiIndex.from_frame(known), fill_value=0).round().astype("Int64")


def latest(metrics: pd.DataFrame, metric: str, stat: str) -> dict[tuple[str, str], float]:
    """The newest value of a metric, by Region and account."""
    newest = points(metrics, metric, stat).sort_values("at").groupby(ACCOUNT).tail(1)
    rows = newest[[*ACCOUNT, "value"]].to_dict("records")
    return {(str(row["region"]), str(row["account"])): float(row["value"]) for row in rows}
