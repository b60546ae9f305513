"""What is asked of CloudWatch, for which time and in which calls.

Developer guide, "Monitoring Step Functions metrics using Amazon CloudWatch", and the API reference of GetMetricData.
Executions of a version or an alias are counted with their machine too, and machines in their account: only the plain
sets of dimensions are asked for, so that nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from collectors.scope import Found
from store.metrics import Series, SeriesKey
from store.migrations import MS_PER_DAY
from store.passes import Span

QUERIES, DATAPOINTS = 500, 100_800
"""The most that one call may ask for, and be answered."""

KEPT = ((455 * MS_PER_DAY, 3_600), (63 * MS_PER_DAY, 300), (15 * MS_PER_DAY, 60))
"""How long CloudWatch keeps values, and the shortest period in seconds in which it still has them by then."""

HOUR_MS = 3_600_000
NAMESPACE = "AWS/States"
TRANSITIONS = "StateTransition"

OF_MACHINES = (
    *((f"Executions{end}", "Sum") for end in ("Started", "Succeeded", "Failed", "TimedOut", "Aborted")),
    ("ExecutionThrottled", "Sum"),
    *(("ExecutionTime", stat) for stat in ("p50", "p95", "p99")),
)
OF_EXPRESS = (("ExpressExecutionBilledDuration", "Sum"), ("ExpressExecutionBilledMemory", "Average"))
OF_TRANSITIONS = (("ConsumedCapacity", "Sum"), ("ThrottledEvents", "Sum"))
OF_ACCOUNTS = tuple(
    (metric, "Maximum")
    for metric in (
        "OpenExecutionCount",
        "OpenExecutionLimit",
        "ApproximateOpenMapRunCount",
        "OpenMapRunLimit",
        "ApproximateMapRunBacklogSize",
    )
)
APIS = ("StartExecution", "ListExecutions", "DescribeExecution", "GetExecutionHistory")
"""Operations whose use is asked for: what starts executions, and what the collector itself draws on most."""


def series_wanted(machine: Found, account: str, region: str) -> list[SeriesKey]:
    """The statistics of one machine, by its type."""
    keys = [SeriesKey(machine.id, account, region, *which) for which in OF_MACHINES]
    if machine.type == "EXPRESS":
        return keys + [SeriesKey(machine.id, account, region, *which) for which in OF_EXPRESS]
    return keys + [SeriesKey(machine.id, account, region, *which, TRANSITIONS) for which in OF_TRANSITIONS]


def series_of_account(account: str, region: str) -> list[SeriesKey]:
    """The statistics of a whole account in a Region."""
    keys = [SeriesKey(None, account, region, *which) for which in OF_ACCOUNTS]
    subjects = (TRANSITIONS, *APIS)
    return keys + [SeriesKey(None, account, region, *which, about) for about in subjects for which in OF_TRANSITIONS]


def metrics_wanted(types: Sequence[str]) -> int:
    """How many metrics one reading requests for machines of these types and their account."""
    machines = (series_wanted(Found(1, "", "", kind), "", "") for kind in types)
    return sum(map(len, machines)) + len(series_of_account("", ""))


class Stretch(NamedTuple):
    """A time to be asked for, its end not within, and the period in seconds of its values."""

    span: Span
    period_s: int

    @property
    def points(self) -> int:
        """The most values that a series can have in it."""
        return max(1, (self.span.last - self.span.first) // (self.period_s * 1_000))


def stretches(begin: int, end: int, period_s: int, now: int) -> list[Stretch]:
    """The time between two moments, oldest first, each part by the finest period not below `period_s` still kept.

    What is older than CloudWatch keeps is left out.
    """
    found: list[Stretch] = []
    ends = [_kept_since(now, age) for age, _ in KEPT[1:]]
    for (age, finest), until in zip(KEPT, [*ends, end], strict=True):
        span = Span(max(begin, _kept_since(now, age)), min(until, end))
        period = max(period_s, finest)
        if span.first >= span.last:
            continue
        if found and found[-1].period_s == period:
            span = Span(found.pop().span.first, span.last)
        found.append(Stretch(span, period))
    return found


def _kept_since(now: int, age: int) -> int:
    """The first whole hour from which on values of that age are kept for some time to come."""
    return (now - age) // HOUR_MS * HOUR_MS + 2 * HOUR_MS


def batches(series: Sequence[Series], stretch: Stretch) -> Iterator[Sequence[Series]]:
    """The series in as few calls as AWS's limits allow, each with an answer of one page."""
    size = max(1, min(QUERIES, DATAPOINTS // stretch.points))
    return (series[begin : begin + size] for begin in range(0, len(series), size))


def queries(series: Iterable[Series], period_s: int, arns: dict[int, str]) -> list[dict[str, Any]]:
    """The queries of one call; each is named for the number of its series."""
    return [
        {
            "Id": f"s{one.id}",
            "ReturnData": True,
            "MetricStat": {
                "Metric": {"Namespace": NAMESPACE, "MetricName": one.key.metric, "Dimensions": _dimensions(one, arns)},
                "Period": period_s,
                "Stat": one.key.stat,
            },
        }
        for one in series
    ]


def _dimensions(series: Series, arns: dict[int, str]) -> list[dict[str, str]]:
    named: dict[str, str] = {}
    if series.key.subject:
        named["ServiceMetric" if series.key.subject == TRANSITIONS else "APIName"] = series.key.subject
    if series.key.machine_id is not None:
        named["StateMachineArn"] = arns[series.key.machine_id]
    return [{"Name": name, "Value": value} for name, value in named.items()]
