"""What AWS allows an account, and how much of it was used."""

from __future__ import annotations

import pandas as pd

from analyzer.columns import count, number, text
from analyzer.ratios import ratio
from analyzer.registry import Facts, analysis

COLUMNS = (
    text("region", "AWS Region"),
    text("account", "AWS account"),
    text("subject", "open executions, open Map Runs, state transitions, or the operation of the API"),
    count("used_max", "the most that was open at a time; empty for what is not counted so"),
    count("allowed_max", "the most that AWS allows to be open; empty for what is not limited so"),
    number("used_share", "used_max, of allowed_max"),
    count("consumed", "calls or transitions that were let through; empty for what is not counted so"),
    count("throttled", "calls or transitions that AWS put off; empty for what is not counted so"),
)
PLACE = ["region", "account"]
KEY = [*PLACE, "subject"]
OPEN = {
    "OpenExecutionCount": ("open executions", "used_max"),
    "OpenExecutionLimit": ("open executions", "allowed_max"),
    "ApproximateOpenMapRunCount": ("open Map Runs", "used_max"),
    "OpenMapRunLimit": ("open Map Runs", "allowed_max"),
}
FLOWS = {"ConsumedCapacity": "consumed", "ThrottledEvents": "throttled"}
FIGURES = ("used_max", "allowed_max", "consumed", "throttled")


@analysis(counts="executions", columns=COLUMNS)
def limits(facts: Facts) -> pd.DataFrame:
    """How near does each account come to what AWS allows, and what was throttled?

    One row per account, Region and what is limited, by all values of CloudWatch that the source `metrics` read; without
    them there is none. AWS calls its counts of what is open approximate, and they read low.
    """
    points = facts.records["metrics"]
    points = points[(points["machine"] == "") & points["value"].notna()]
    figures = pd.concat([_open(points), _flows(points)])
    found = figures.groupby([*KEY, "figure"])["value"].sum().unstack("figure")  # noqa: PD010 -- also of nothing
    rows = found.reindex(columns=list(FIGURES)).round().astype("Int64").reset_index()
    rows["used_share"] = ratio(rows["used_max"], rows["allowed_max"])
    return rows.sort_values(KEY, ignore_index=True)


def _open(points: pd.DataFrame) -> pd.DataFrame:
    """The highest of each count, and of each limit the newest."""
    counts = points[points["metric"].isin(list(OPEN))].sort_values("at")
    newest = counts.groupby([*PLACE, "metric"])["value"].last()
    highest = counts.groupby([*PLACE, "metric"])["value"].max()
    rows = highest.where(~highest.index.get_level_values("metric").str.endswith("Limit"), newest).reset_index()
    subjects = rows["metric"].map({metric: subject for metric, (subject, _) in OPEN.items()})
    figures = rows["metric"].map({metric: figure for metric, (_, figure) in OPEN.items()})
    return rows.assign(subject=subjects, figure=figures)[[*KEY, "figure", "value"]]


def _flows(points: pd.DataFrame) -> pd.DataFrame:
    """What was let through and put off, over the whole time."""
    rows = points[points["metric"].isin(list(FLOWS))].assign(figure=lambda frame: frame["metric"].map(FLOWS))
    return rows[[*KEY, "figure", "value"]]
