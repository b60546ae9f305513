"""Which way of counting transitions the bill of an account follows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyzer.columns import count, number, text
from analyzer.frames import frame_from
from analyzer.reconciling import by_place
from analyzer.registry import Facts, analysis
from store.schema import FLAG, Column

COLUMNS = (
    text("account", "AWS account; empty when the bill is that of all that pay together"),
    text("evidence", "bill: Cost Explorer's quantities; metric: CloudWatch's ConsumedCapacity"),
    count("extra_transitions", "transitions that the rule counts for each start, beside every try, redrive and child"),
    count("days", "days by Region with a count of AWS's on which every history is whole"),
    number("counted_transitions", "transitions of those days by this rule"),
    number("measured_transitions", "what AWS counted on them"),
    number("error_rate", "how far apart they are on a day on average, as a part of what AWS counted"),
    Column("follows", FLAG, "whether AWS counts by this rule; empty while the days do not decide"),
    text("sentence", "what that means"),
)
RULES = (0, 1, 2)
FEWEST_DAYS = 7
NEAR, APART = 0.02, 3
"""A rule is followed when its error is below 2 % and no other's is within three times of it."""

_EVIDENCE = {"billed_transitions": "bill", "consumed_capacity": "metric"}


@analysis(counts="executions", columns=COLUMNS)
def counting_rule(facts: Facts) -> pd.DataFrame:
    """By which rule does AWS count the transitions of this account?

    Its documents leave open whether the start of an execution is one. A row for each rule, account and kind of
    evidence. Days with executions that lack a whole history say nothing and are left out, and so are unsettled ones.
    """
    days = by_place(facts)
    whole = days[(days["executions_unknown"] == 0) & (days["executions"] > 0)]
    rows = []
    for column, evidence in _EVIDENCE.items():
        known = whole[whole[column].fillna(0) > 0]
        known = known[known["settled"].fillna(value=False).astype(bool)] if evidence == "bill" else known
        for account, of_account in known.groupby("account"):
            rows += _rules(str(account), evidence, of_account.assign(measured=of_account[column].astype(float)))
    return frame_from(rows, COLUMNS)


def _rules(account: str, evidence: str, days: pd.DataFrame) -> list[dict[str, Any]]:
    found = [_rule(extra, days) for extra in RULES]
    errors = sorted(float(row["error_rate"]) for row in found)
    decided = len(days) >= FEWEST_DAYS and errors[0] <= NEAR and errors[1] > errors[0] * APART
    for row in found:
        row["follows"] = (row["error_rate"] == errors[0]) if decided else None
        row["sentence"] = _sentence(row, len(days), decided=decided)
    return [{"account": account or None, "evidence": evidence, **row} for row in found]


def _rule(extra: int, days: pd.DataFrame) -> dict[str, Any]:
    counted = (days["transitions"] + extra * days["executions"]).astype(float)
    apart = (counted - days["measured"]).abs().sum()
    return {
        "extra_transitions": extra,
        "days": len(days),
        "counted_transitions": counted.sum(),
        "measured_transitions": days["measured"].sum(),
        "error_rate": apart / days["measured"].sum(),
    }


def _sentence(row: dict[str, Any], days: int, *, decided: bool) -> str:
    if not decided:
        more = f"{FEWEST_DAYS} whole days are needed, there are {days}" if days < FEWEST_DAYS else "no rule stands out"
        return f"not decided: {more}"
    if not row["follows"]:
        return f"not this rule: {row['error_rate']:.1%} off"
    return f"this rule, {row['error_rate']:.1%} off: extra_transitions_per_execution = {row['extra_transitions']}"
