"""Listings as pages, and what keeps a cut answer from looking like an empty one.

botocore parses a truncated or half-written 200 answer to an empty dict, without an error: a listing then seems to end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from collectors.api import Api
from store.errors import CutAnswerError, ListingExpiredError

PAGE_ROWS = 1_000
"""The largest page that AWS gives (API reference, `maxResults`); the default of 100 costs ten times the quota."""

PAGE_SIZES: dict[str, dict[str, int]] = {"FilterLogEvents": {"limit": 10_000}}
"""The largest pages where they are asked for otherwise."""

NEEDED: dict[str, tuple[str, ...]] = {
    "ListStateMachines": ("stateMachines",),
    "DescribeStateMachine": ("stateMachineArn", "name", "definition", "type"),
    "DescribeStateMachineForExecution": ("stateMachineArn", "definition"),
    "ListExecutions": ("executions",),
    "DescribeExecution": ("executionArn", "status", "startDate"),
    "GetExecutionHistory": ("events",),
    "ListTagsForResource": ("tags",),
    "ListStateMachineVersions": ("stateMachineVersions",),
    "ListStateMachineAliases": ("stateMachineAliases",),
    "DescribeStateMachineAlias": ("routingConfiguration",),
    "ListMapRuns": ("mapRuns",),
    "DescribeMapRun": ("mapRunArn", "status", "itemCounts", "executionCounts"),
    "GetMetricData": ("MetricDataResults",),
    "GetProducts": ("PriceList",),
    "GetCostAndUsage": ("ResultsByTime",),
    "FilterLogEvents": ("events",),
    "StartQuery": ("queryId",),
    "GetQueryResults": ("status", "results"),
}
"""The members without which an answer is not whole, by operation."""


def is_whole(operation: str, answer: dict[str, Any]) -> bool:
    """Whether the answer has every member that this operation's answers always have."""
    return all(member in answer for member in NEEDED.get(operation, ()))


def pages(api: Api, operation: str, key: str, **parameters: Any) -> Iterator[list[dict[str, Any]]]:
    """Each page of a listing: the rows under `key`, possibly none of them before the last page.

    A listing whose token expired (after 24 hours, says AWS) begins again once, so that rows may come twice. Raises
    `CutAnswerError` for a page without its rows and for a token that comes back, `ListingExpiredError` for a second
    expiry, and what `Api.call` raises.
    """
    try:
        yield from _pages_of_one_listing(api, operation, key, parameters)
    except ListingExpiredError:
        yield from _pages_of_one_listing(api, operation, key, parameters)


def _pages_of_one_listing(
    api: Api, operation: str, key: str, parameters: dict[str, Any]
) -> Iterator[list[dict[str, Any]]]:
    seen: set[str] = set()
    asked = {**PAGE_SIZES.get(operation, {"maxResults": PAGE_ROWS}), **parameters}
    while True:
        answer = api.call(operation, **asked)
        if not is_whole(operation, answer):
            raise CutAnswerError(f"an answer to {operation} was cut short", operation=operation)
        yield answer[key]
        token = answer.get("nextToken")
        if not token:
            return
        if token in seen:
            raise CutAnswerError(f"{operation} gave the same nextToken twice", operation=operation)
        seen.add(token)
        asked["nextToken"] = token
