"""Issues under each other: how many executions each hit, and what became of those."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.states import stacked
from dashboard.theme import GREEN, ORANGE, RED, Look

ROWS = 12
OUTCOME_LOOKS = {
    "ended": Look("ended the run", RED),
    "caught": Look("caught", ORANGE, "/"),
    "recovered": Look("retried, and the run went on", GREEN),
}


def executions_of_issues(issues: pd.DataFrame, rows: int = ROWS) -> go.Figure:
    """The first issues of the table `issues`, each with the executions it hit by outcome."""
    top = issues.head(rows)
    index = pd.MultiIndex.from_arrays([top["machine"], top["error"].fillna("no error name") + " in " + top["state"]])
    counts = top[list(OUTCOME_LOOKS)].astype("int64").set_axis(index)
    return stacked(counts, OUTCOME_LOOKS, "executions")
