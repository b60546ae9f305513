"""Intervals around what was counted or measured in some executions, by formula and without drawing samples.

All of them hold the true value in 997 of 1,000 cases (three standard errors): a page shows dozens side by side, and
with the usual 95 % one in twenty would speak of nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

ERRORS = 3.0
"""Standard errors on each side."""


class Interval(NamedTuple):
    """A value and the ends of the interval around it."""

    value: float
    low: float
    high: float


def share_interval(seen: int, of: int) -> Interval | None:
    """A share, with Wilson's interval; None of nothing.

    >>> share_interval(0, 100)
    Interval(value=0.0, low=0.0, high=0.08256880733944953)
    """
    if not of:
        return None
    share, square = seen / of, ERRORS**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    spread = ERRORS * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return Interval(share, max(middle - spread, 0.0), min(middle + spread, 1.0))


def mean_interval(total: float, squares: float, of: int) -> Interval | None:
    """A mean, from a sum and a sum of squares; None of fewer than two."""
    if of < 2:  # noqa: PLR2004 -- one value has no spread
        return None
    mean = total / of
    error = math.sqrt(max(squares / of - mean * mean, 0.0) / (of - 1))
    return Interval(mean, mean - ERRORS * error, mean + ERRORS * error)


STEPS = (0.0, 0.02, 0.05, 0.1, 0.15, 0.25, 0.45)


def levels_around(quantile: float) -> list[float]:
    """The quantiles that `quantile_interval` needs to be told, in order."""
    levels = {min(max(quantile + sign * step, 0.0), 1.0) for step in STEPS for sign in (-1, 1)}
    return sorted(round(level, 4) for level in levels)


def quantile_interval(quantile: float, at: Mapping[float, float], of: int) -> Interval | None:
    """A quantile, between the two measured around it that hold the true one; `at` are the values by level.

    How far away those are follows from the number of values alone (the order statistics of a sample). Of the levels
    known the next wider ones are taken.
    """
    if not of:
        return None
    spread = ERRORS * math.sqrt(quantile * (1 - quantile) / of)
    levels = levels_around(quantile)
    low = max((level for level in levels if level <= quantile - spread), default=levels[0])
    high = min((level for level in levels if level >= quantile + spread), default=levels[-1])
    return Interval(at[quantile], at[low], at[high])
