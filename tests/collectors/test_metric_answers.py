from __future__ import annotations

from typing import Any

import pytest

from collectors.metric_answers import answered
from collectors.metric_queries import Stretch
from store.errors import CutAnswerError
from store.metrics import Point, Series, SeriesKey
from store.passes import Span
from tests.collectors.world import moment

SERIES = [Series(4, SeriesKey(None, "1", "r", "OpenExecutionCount", "Maximum"), None)]
STRETCH = Stretch(Span(0, 7_200_000), 3_600)


class Pages:
    """Answers in their turn, whatever is asked."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)

    def call(self, operation: str, **_: Any) -> dict[str, Any]:
        assert operation == "GetMetricData"
        return self.answers.pop(0)


def result(status: str, *at: int) -> dict[str, Any]:
    return {"Id": "s4", "StatusCode": status, "Timestamps": [moment(one) for one in at], "Values": [1.0] * len(at)}


def test_the_last_page_has_the_last_word() -> None:
    pages = Pages(
        {"MetricDataResults": [result("PartialData", 0)], "NextToken": "a"},
        {"MetricDataResults": [], "NextToken": "b"},
        {"MetricDataResults": [result("Complete", 3_600_000)]},
    )
    found = answered(pages, SERIES, STRETCH, {})
    assert found.points == {4: [Point(0, 3_600, 1.0), Point(3_600, 3_600, 1.0)]}
    assert (found.statuses, found.pages) == ({4: "Complete"}, 3)


@pytest.mark.parametrize(
    "pages",
    [
        [{"MetricDataResults": []}],
        [{"MetricDataResults": [result("Complete", 0) | {"Values": []}]}],
        [{"MetricDataResults": [result("PartialData", 0)], "NextToken": "a"}] * 2,
    ],
)
def test_what_is_not_whole_is_cut(pages: list[dict[str, Any]]) -> None:
    with pytest.raises(CutAnswerError):
        answered(Pages(*pages), SERIES, STRETCH, {})
