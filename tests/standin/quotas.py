"""API quotas as AWS enforces them: one token bucket per key, Region and operation."""

from __future__ import annotations

import time
from collections.abc import Sequence

# Bucket size and refill per second in us-east-1, us-west-2 and eu-west-1, then elsewhere.
# Step Functions developer guide, "Service quotas"; FilterLogEvents from the CloudWatch Logs quotas.
BIG_REGIONS = {"us-east-1", "us-west-2", "eu-west-1"}
PUBLISHED: dict[str, tuple[float, float]] = {
    "CreateStateMachine": (100, 1),
    "DescribeExecution": (300, 15),
    "DescribeMapRun": (200, 1),
    "DescribeStateMachine": (200, 20),
    "DescribeStateMachineForExecution": (200, 1),
    "FilterLogEvents": (25, 25),
    "GetExecutionHistory": (400, 20),
    "ListExecutions": (200, 5),
    "ListMapRuns": (100, 1),
    "ListStateMachineAliases": (100, 1),
    "ListStateMachineVersions": (100, 1),
    "ListStateMachines": (100, 5),
    "ListTagsForResource": (100, 1),
    "StartExecution": (1300, 300),
    "StopExecution": (1000, 200),
    "UpdateStateMachine": (100, 1),
}
ELSEWHERE: dict[str, tuple[float, float]] = PUBLISHED | {
    "DescribeExecution": (250, 10),
    "FilterLogEvents": (10, 10),
    "ListExecutions": (100, 2),
    "StartExecution": (800, 150),
    "StopExecution": (500, 25),
}


class Bucket:
    """A token bucket; `drain` is what a neighbour takes of its refill."""

    def __init__(self, size: float, refill: float, *, start: float | None = None, drain: float = 0.0) -> None:
        self.size, self.refill = size, max(refill - drain, 0.0)
        self.tokens, self.seen = size if start is None else start, time.monotonic()

    def take(self) -> bool:
        """Takes a token; False when there is none, which AWS answers with ThrottlingException."""
        now = time.monotonic()
        self.tokens = min(self.size, self.tokens + (now - self.seen) * self.refill)
        self.seen = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


class Quotas:
    """The buckets of every caller, made when first asked for."""

    def __init__(self) -> None:
        self.replaced: dict[str, Sequence[float]] = {}
        self.background: dict[str, float] = {}
        self.buckets: dict[tuple[str, str, str], Bucket] = {}

    def replace(self, quotas: dict[str, Sequence[float]]) -> None:
        """Sets quotas: operation to [bucket, refill] or [bucket, refill, tokens at the start]; bucket 0 lifts it."""
        self.replaced |= quotas
        self.buckets.clear()

    def share(self, background: dict[str, float]) -> None:
        """Sets what neighbours take: operation to calls a second."""
        self.background = background
        self.buckets.clear()

    def allows(self, key: str, region: str, operation: str) -> bool:
        """Whether this call is within its quota; takes its token."""
        published = (PUBLISHED if region in BIG_REGIONS else ELSEWHERE).get(operation)
        quota = self.replaced.get(operation, published)
        if quota is None or quota[0] <= 0:
            return True
        caller = key, region, operation
        if caller not in self.buckets:
            start = quota[2] if len(quota) > 2 else None
            self.buckets[caller] = Bucket(quota[0], quota[1], start=start, drain=self.background.get(operation, 0))
        return self.buckets[caller].take()
