"""An invented CloudWatch beside the invented AWS: values that arrive late, in pages, and not always whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.collectors.world import World, moment

Value = tuple[int, float]
"""When it was counted, in epoch milliseconds, and what."""


@dataclass
class MetricWorld(World):
    """A `World` whose metrics are answered. `counted` are values by metric and machine ARN, "" for the account;
    `statuses` what is said of a metric beside its values."""

    counted: dict[tuple[str, str], list[Value]] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    answers: int = 500
    sent: list[dict[str, Any]] = field(default_factory=list)

    def count(self, metric: str, arn: str = "", value: float = 1) -> None:
        self.counted.setdefault((metric, arn), []).append((self.now, value))

    def _GetMetricData(self, **asked: Any) -> dict[str, Any]:  # noqa: N802
        assert len(asked["MetricDataQueries"]) <= 500
        self.sent.append(asked)
        begin = int(asked.get("NextToken", 0))
        queries = asked["MetricDataQueries"][begin : begin + self.answers]
        answer: dict[str, Any] = {"MetricDataResults": [self._result(query, asked) for query in queries]}
        more = begin + self.answers < len(asked["MetricDataQueries"])
        return answer | ({"NextToken": str(begin + self.answers)} if more else {})

    def _result(self, query: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        stat = query["MetricStat"]
        period = stat["Period"] * 1_000
        dimensions = {one["Name"]: one["Value"] for one in stat["Metric"]["Dimensions"]}
        key = stat["Metric"]["MetricName"], dimensions.get("StateMachineArn", "")
        begin, end = (round(asked[name].timestamp() * 1_000) for name in ("StartTime", "EndTime"))
        sums: dict[int, float] = {}
        for at, value in self.counted.get(key, ()):
            if begin <= at < end:
                sums[at // period * period] = sums.get(at // period * period, 0) + value
        return {
            "Id": query["Id"],
            "Timestamps": [moment(at) for at in sorted(sums)],
            "Values": [sums[at] for at in sorted(sums)],
            "StatusCode": self.statuses.get(key[0], "Complete"),
        }
