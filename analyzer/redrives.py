"""Which executions AWS can still redrive, until when, and the command that does it.

Developer guide, "Restarting state machine executions with redrive": Standard executions that FAILED, TIMED_OUT or were
ABORTED, within 14 days of their end, with fewer than 24,999 events.
"""

from __future__ import annotations

import shlex

import pandas as pd

from analyzer.issue_failures import MOST_EVENTS, REDRIVE_DAYS, UNSUCCESSFUL
from analyzer.window import MS_IN_DAY


def redrive_until(executions: pd.DataFrame, now_ms: int) -> pd.Series:
    """Until when each execution can be redriven, in milliseconds since 1970; empty where it cannot be any more."""
    until = executions["stopped_at"] + REDRIVE_DAYS * MS_IN_DAY
    can = (
        (executions["type"] == "STANDARD")
        & executions["status"].isin(UNSUCCESSFUL)
        & executions["execution_arn"].str.startswith("arn:")
        & (executions["events"].fillna(0) < MOST_EVENTS)
        & (until > now_ms)
    )
    return until.where(can.fillna(value=False))


def redrive_command(arn: str) -> str:
    """The call of the AWS CLI that redrives an execution, in its Region."""
    return shlex.join(
        ["aws", "stepfunctions", "redrive-execution", "--execution-arn", arn, "--region", arn.split(":")[3]]
    )


def with_redrives(issues: pd.DataFrame, failures: pd.DataFrame, now_ms: int) -> pd.DataFrame:
    """The issues with how many executions can still be redriven, and of the first that cannot soon, when and how."""
    ended = failures[failures["outcome"] == "ended"].drop_duplicates(["issue", "execution_id"])
    timed = (
        ended.assign(until=redrive_until(ended, now_ms)).dropna(subset="until").sort_values(["until", "execution_id"])
    )
    first = timed.groupby("issue").first()
    return issues.assign(
        redrivable=issues["issue"].map(timed.groupby("issue").size()).fillna(0).astype("Int64"),
        redrive_until_at=issues["issue"].map(first["until"]).astype("Int64"),
        redrive_command=issues["issue"].map(first["execution_arn"].map(redrive_command)).astype("string"),
    )
