"""Answers of CloudWatch, put together from their pages; what is not whole is not taken for empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from collectors.api import Api
from collectors.metric_queries import Stretch, queries
from store.errors import CutAnswerError
from store.metrics import Point, Series

OPERATION = "GetMetricData"
COMPLETE, PARTIAL, FORBIDDEN = "Complete", "PartialData", "Forbidden"


class Answered(NamedTuple):
    """What one call and its further pages gave: values and the last word on them, by series; `pages` were sent."""

    points: dict[int, list[Point]]
    statuses: dict[int, str]
    pages: int


def answered(api: Api, batch: Sequence[Series], stretch: Stretch, arns: dict[int, str]) -> Answered:
    """The values of these series in that time. Raises `CutAnswerError` and what `Api.call` raises."""
    found = Answered({one.id: [] for one in batch}, {}, 0)
    for page in _pages(api, _asked(batch, stretch, arns)):
        found = found._replace(pages=found.pages + 1)
        for result in page["MetricDataResults"]:
            series_id = int(str(result["Id"])[1:])
            found.points[series_id] += _points(result, stretch.period_s)
            found.statuses[series_id] = str(result.get("StatusCode") or COMPLETE)
    if found.statuses.keys() != found.points.keys():
        raise CutAnswerError(f"an answer to {OPERATION} left out metrics that were asked for", operation=OPERATION)
    return found


def _asked(batch: Sequence[Series], stretch: Stretch, arns: dict[int, str]) -> dict[str, Any]:
    return {
        "MetricDataQueries": queries(batch, stretch.period_s, arns),
        "StartTime": datetime.fromtimestamp(stretch.span.first / 1_000, UTC),
        "EndTime": datetime.fromtimestamp(stretch.span.last / 1_000, UTC),
        "ScanBy": "TimestampAscending",
    }


def _pages(api: Api, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    seen: set[str] = set()
    while True:
        answer = api.call("GetMetricData", **asked)
        yield answer
        token = answer.get("NextToken")
        if not token:
            return
        if token in seen:
            raise CutAnswerError(f"{OPERATION} gave the same NextToken twice", operation=OPERATION)
        seen.add(token)
        asked = {**asked, "NextToken": token}


def _points(result: dict[str, Any], period_s: int) -> list[Point]:
    times, values = result.get("Timestamps", ()), result.get("Values", ())
    if len(times) != len(values):
        raise CutAnswerError(f"an answer to {OPERATION} has values without their times", operation=OPERATION)
    return [Point(round(at.timestamp()), period_s, float(value)) for at, value in zip(times, values, strict=True)]
