"""What a person decided about issues, and whether that still holds: what comes back opens itself again."""

from __future__ import annotations

import pandas as pd

OPEN, MUTED, RESOLVED = "open", "muted", "resolved"


def marked(issues: pd.DataFrame, failures: pd.DataFrame, marks: pd.DataFrame) -> pd.DataFrame:
    """The issues with `mark`, and `since_mark`: the executions in which one happened after it was marked.

    A resolved issue is open again as soon as it happens, a muted one when it has happened as often as was allowed.
    """
    found = issues.merge(marks, on="issue", how="left")
    timed = failures.merge(marks[["issue", "marked_at"]], on="issue")
    since = timed[timed["last_at"] > timed["marked_at"]].groupby("issue")["execution_id"].nunique()
    after = found["issue"].map(since).astype("Int64").fillna(0)
    found["since_mark"] = after.where(found["mark"].notna())
    until = found["until_executions"].where(found["mark"] == MUTED, 1)
    is_back = (after >= until).fillna(value=False)
    found["mark"] = found["mark"].mask(is_back, OPEN).fillna(OPEN)
    return found.drop(columns=["until_executions", "marked_at"])
