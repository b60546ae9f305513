"""How many calls AWS allows, and a pace that stays below.

AWS meters each operation by a token bucket per account and Region; the customer's own workloads draw on the same one.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from store.errors import MisuseError


class Quota(NamedTuple):
    """A token bucket: how many calls at once, and how many more each second."""

    bucket: float
    refill: float


SOURCE = "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"
CHECKED = "2026"

LARGE_REGIONS = frozenset({"us-east-1", "us-west-2", "eu-west-1"})
"""The Regions in which AWS allows more, by the same page."""

IN_LARGE_REGIONS: dict[str, Quota] = {
    "ListExecutions": Quota(200, 5),
    "DescribeExecution": Quota(300, 15),
    "GetExecutionHistory": Quota(400, 20),
    "DescribeStateMachine": Quota(200, 20),
    "DescribeStateMachineForExecution": Quota(200, 1),
    "ListStateMachines": Quota(100, 5),
    "ListStateMachineVersions": Quota(100, 1),
    "ListStateMachineAliases": Quota(100, 1),
    "DescribeStateMachineAlias": Quota(200, 1),
    "ListTagsForResource": Quota(100, 1),
    "ListMapRuns": Quota(100, 1),
    "DescribeMapRun": Quota(200, 1),
    "GetMetricData": Quota(500, 500),
    "FilterLogEvents": Quota(10, 10),
    "StartQuery": Quota(10, 10),
    "GetQueryResults": Quota(10, 10),
}
ELSEWHERE: dict[str, Quota] = {
    **IN_LARGE_REGIONS,
    "ListExecutions": Quota(100, 2),
    "DescribeExecution": Quota(250, 10),
}

LOGS_SOURCE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html"
LOG_EVENTS_QUOTAS = {
    "us-east-1": Quota(25, 25),
    **dict.fromkeys(("ap-northeast-3", "ap-southeast-3", "ca-west-1", "eu-central-1", "il-central-1"), Quota(5, 5)),
}
"""FilterLogEvents where it differs from 10 a second, by `LOGS_SOURCE`; a rate, whose bucket is one second of it."""

BUCKET_MARGIN, REFILL_MARGIN = 0.90, 0.95
"""The most that is ever taken of a quota: AWS's bucket may be counted in more than one place, and clocks differ."""


def published(region: str) -> Mapping[str, Quota]:
    """AWS's default quotas in this Region, by operation: see `SOURCE`, read in `CHECKED`. Many accounts have more."""
    quotas = IN_LARGE_REGIONS if region in LARGE_REGIONS else ELSEWHERE
    return {**quotas, "FilterLogEvents": LOG_EVENTS_QUOTAS.get(region, quotas["FilterLogEvents"])}


def own_quota(quota: Quota, share: float) -> Quota:
    """What the collector takes of a quota. A share below the margins needs none: it leaves more than they do."""
    return Quota(max(1.0, quota.bucket * min(share, BUCKET_MARGIN)), quota.refill * min(share, REFILL_MARGIN))


_OVERRIDE = re.compile(r"([A-Za-z]+)=(\d+(?:\.\d+)?)/(\d+(?:\.\d+)?)")


def quota_given(text: str) -> tuple[str, Quota]:
    """The operation and quota of `GetExecutionHistory=5000/500` (bucket/refill per second). Raises `MisuseError`."""
    match = _OVERRIDE.fullmatch(text.strip())
    if match is None:
        raise MisuseError(
            f"{text!r} is not a quota", "Write it as OPERATION=BUCKET/REFILL: GetExecutionHistory=5000/500."
        )
    operation, quota = match[1], Quota(float(match[2]), float(match[3]))
    if operation not in ELSEWHERE:
        raise MisuseError(
            f"{operation!r} is no operation of the collector", f"It calls {', '.join(sorted(ELSEWHERE))}."
        )
    if quota.bucket < 1 or quota.refill <= 0:
        raise MisuseError(f"{text!r} allows no call at all", "Bucket and refill must be above zero.")
    return operation, quota


class TokenBucket:
    """Paces calls to a quota, for any number of threads, each served in its turn."""

    def __init__(
        self,
        quota: Quota,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.quota = quota
        self._clock, self._sleep = clock, sleep
        self._tokens, self._at = quota.bucket, clock()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Return when one more call is within the quota."""
        with self._lock:
            self._refill()
            self._tokens -= 1
            wait = -self._tokens / self.quota.refill
        if wait > 0:
            self._sleep(wait)

    def seconds_for(self, calls: int) -> float:
        """How long this many more calls must take."""
        with self._lock:
            self._refill()
            return max(0.0, (calls - self._tokens) / self.quota.refill)

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self.quota.bucket, self._tokens + (now - self._at) * self.quota.refill)
        self._at = now


class Budget:
    """The token buckets of one account and Region, one for each operation that has a quota."""

    def __init__(
        self,
        region: str,
        share: float = 1.0,
        replaced: Mapping[str, Quota] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        quotas = {**published(region), **(replaced or {})}
        self._buckets = {name: TokenBucket(own_quota(quota, share), clock, sleep) for name, quota in quotas.items()}

    def take(self, operation: str) -> None:
        """Return when one more call of this operation is within the quota."""
        if operation in self._buckets:
            self._buckets[operation].take()

    def seconds_for(self, operation: str, calls: int) -> float:
        """How long this many more calls of this operation must take; 0 for one without a quota."""
        return self._buckets[operation].seconds_for(calls) if operation in self._buckets else 0.0

    def allowed(self, operation: str) -> Quota | None:
        """What it lets through of this operation, at once and then each second; None for one without a quota."""
        return self._buckets[operation].quota if operation in self._buckets else None
