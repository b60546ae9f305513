"""Executions by the issues that happened in them: the evidence behind `issues`."""

from __future__ import annotations

import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, count, number, text, time
from analyzer.issue_failures import issue_failures
from analyzer.redrives import redrive_command, redrive_until
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    text("issue", "id of the issue"),
    text("state", "state that failed"),
    text("error", "error name"),
    text("cause", "its cause, with what differs from run to run masked"),
    text("execution_arn", "the execution"),
    text("revision", "revision of the definition that ran"),
    text("status", "how the execution ended"),
    text("outcome", "what became of the issue in it: ended, caught or retried; empty while not decided"),
    count("attempts", "attempts that failed with it; 0 where the execution timed out as a whole"),
    time("first_failed_at", "when the first of them ended"),
    time("last_failed_at", "when the last of them ended"),
    count("tried_ms", "queue and run of those attempts"),
    number("tried_usd", "list price of those attempts"),
    time("redrive_until_at", "until when AWS can redrive the execution; empty when it cannot"),
    text("redrive_command", "what redrives it, with the AWS CLI"),
)


@analysis(counts="attempts", columns=COLUMNS, is_export=True)
def issue_executions(facts: Facts) -> pd.DataFrame:
    """In which executions did each issue happen, and which of them can still be redriven?

    One row per issue and execution, the latest first.
    """
    found = issue_failures(facts).rename(columns={"first_at": "first_failed_at", "last_at": "last_failed_at"})
    found["redrive_until_at"] = redrive_until(found, facts.now_ms)
    can = found["redrive_until_at"].notna()
    found["redrive_command"] = (
        found["execution_arn"].where(can).map(redrive_command, na_action="ignore").astype("string")
    )
    order = ["last_failed_at", "execution_id", "issue"]
    return found.sort_values(order, ascending=[False, True, True], ignore_index=True)
