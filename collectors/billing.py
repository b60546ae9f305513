"""What AWS says was used of Step Functions, by Cost Explorer; needs `ce:GetCostAndUsage`, and each call costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from collectors.connections import Connection
from collectors.sessions import Target
from store.billing import BillingLine, DaySpan
from store.errors import CutAnswerError

HOME = "us-east-1"
"""Cost Explorer has one endpoint for all Regions (AWS General Reference, "AWS Cost Explorer endpoints")."""

SERVICE = "AWS Step Functions"
EPOCH = date(1970, 1, 1)


class Usage(NamedTuple):
    """What an answer says: its lines, the days that are no estimate any more, and how many calls it took."""

    lines: list[BillingLine]
    final: list[int]
    calls: int


def usage_of(connect: Callable[[Target], Connection], target: Target, account: str, span: DaySpan) -> Usage:
    """The usage quantities of these days by Region and usage type, of one account or of all that pay together.

    Raises a `store.errors.AwsError`.
    """
    connection = connect(replace(target, region=HOME))
    asked = _question(account, span)
    found = Usage([], [], 0)
    seen: set[str] = set()
    while True:
        answer = connection.api.call("GetCostAndUsage", **asked)
        found = Usage([*found.lines, *_lines(answer)], [*found.final, *_final(answer)], found.calls + 1)
        token = answer.get("NextPageToken")
        if not token:
            return found
        if token in seen:
            raise CutAnswerError("GetCostAndUsage gave the same token twice", "", connection.name, "GetCostAndUsage")
        seen.add(token)
        asked["NextPageToken"] = token


def _question(account: str, span: DaySpan) -> dict[str, Any]:
    service: dict[str, Any] = {"Dimensions": {"Key": "SERVICE", "Values": [SERVICE]}}
    own: dict[str, Any] = {"Dimensions": {"Key": "LINKED_ACCOUNT", "Values": [account]}}
    return {
        "TimePeriod": {
            name: str(EPOCH + timedelta(days=day)) for name, day in zip(("Start", "End"), span, strict=True)
        },
        "Granularity": "DAILY",
        "Metrics": ["UsageQuantity"],
        "GroupBy": [{"Type": "DIMENSION", "Key": key} for key in ("REGION", "USAGE_TYPE")],
        "Filter": {"And": [service, own]} if account else service,
    }


def _lines(answer: dict[str, Any]) -> list[BillingLine]:
    return [
        BillingLine(_day(result), region, usage_type, float(group["Metrics"]["UsageQuantity"]["Amount"]))
        for result in answer["ResultsByTime"]
        for group in result.get("Groups", ())
        for region, usage_type in [group["Keys"]]
    ]


def _final(answer: dict[str, Any]) -> list[int]:
    return [_day(result) for result in answer["ResultsByTime"] if not result.get("Estimated", True)]


def _day(result: dict[str, Any]) -> int:
    return (date.fromisoformat(result["TimePeriod"]["Start"]) - EPOCH).days
