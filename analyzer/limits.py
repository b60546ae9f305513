"""Limits of AWS Step Functions that an account can run into, and how near it is to one.

Figures of AWS are those of its developer guide, `service-quotas`; quotas are soft and often raised, and a note says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

EVENTS_OF_HISTORY = 25_000
"""Events after which a Standard execution fails."""
EXPRESS_MS = 300_000
"""The longest an Express execution may run."""
HISTORY_DAYS = 90
"""Days after its end for which AWS keeps the history of a Standard execution."""
REDRIVE_DAYS = 14
"""Days after its end in which a failed execution can be redriven."""
OPEN_EXECUTIONS = 1_000_000
"""Standard executions open at once, by account and Region."""

OPEN_MAP_RUNS = 1_000
"""Map Runs open at once, by account and Region."""

LARGE_REGIONS = frozenset({"us-east-1", "us-west-2", "eu-west-1"})
"""Regions in which some quotas are higher."""

WARNING, CRITICAL = 0.8, 0.9
"""The part of a limit from which on its use is a warning, and from which on critical."""

FURTHEST_DAYS = 365
LEAST_DAYS = 7


class Quota(NamedTuple):
    """A token bucket: how many at once, and how many more each second."""

    bucket: int
    refill: int

    @property
    def per_minute(self) -> int:
        """The most that it lets through in a minute."""
        return self.bucket + 60 * self.refill


def transition_quota(region: str) -> Quota:
    """State transitions of Standard executions, by account and Region."""
    return Quota(5_000, 5_000) if region in LARGE_REGIONS else Quota(800, 800)


def start_quota(region: str) -> Quota:
    """StartExecution of Standard machines, by account and Region."""
    return Quota(1_300, 300) if region in LARGE_REGIONS else Quota(800, 150)


def api_quota(operation: str, region: str) -> Quota | None:
    """Calls of an operation, by account and Region; None when the quota is not known here."""
    large, other = _API_QUOTAS.get(operation, (None, None))
    return large if region in LARGE_REGIONS else other


_API_QUOTAS = {
    "StartExecution": (Quota(1_300, 300), Quota(800, 150)),
    "ListExecutions": (Quota(200, 5), Quota(100, 2)),
    "DescribeExecution": (Quota(300, 15), Quota(250, 10)),
    "GetExecutionHistory": (Quota(400, 20), Quota(400, 20)),
}
"""In the three large Regions and in the others."""


def level(share: float) -> str:
    """How near a limit is: ok, warning or critical.

    >>> [level(share) for share in (0.79, 0.8, 0.9, 1.2)]
    ['ok', 'warning', 'critical', 'critical']
    """
    return "critical" if share >= CRITICAL else "warning" if share >= WARNING else "ok"


def day_reached(days: Sequence[int], used: Sequence[float], limit: float) -> int | None:
    """The day on which a use that grows from day to day reaches its limit, along the straight line through it.

    None when it does not grow for sure (three standard errors), within a year, or over fewer than seven days.
    """
    if len(days) < LEAST_DAYS:
        return None
    x, y = np.array(days, np.float64), np.array(used, np.float64)
    off = x - x.mean()
    slope = float((off * (y - y.mean())).sum() / (off * off).sum())
    rest = y - y.mean() - slope * off
    error = math.sqrt(float((rest * rest).sum()) / (len(days) - 2) / float((off * off).sum()))
    if slope <= 0 or slope < 3 * error:
        return None
    reached = x.mean() + (limit - y.mean()) / slope
    return math.ceil(reached) if x[-1] < reached <= x[-1] + FURTHEST_DAYS else None
