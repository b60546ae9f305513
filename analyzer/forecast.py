"""What a month comes to at its end, from what its days have cost so far and what days like those to come have cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from statistics import NormalDist, fmean
from typing import NamedTuple

CONFIDENCE = 0.9
WEEKDAY_DAYS, LEVEL_DAYS, LOOKED_BACK_DAYS = 28, 3, 56
"""Whole days that a weekday pattern needs (four of each), that an interval needs, and that are looked at."""

_DAYS_IN_WEEK, _HOURS_IN_DAY = 7, 24
_MIDDLE_TO_EDGE = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


class Forecast(NamedTuple):
    """A month's end: the expected sum, the interval it lies in, and by which method; empty where days are too few."""

    expected: float | None
    low: float | None
    high: float | None
    method: str


class Month(NamedTuple):
    """A UTC month that is still going on, and up to when its days are known."""

    first: date
    known_to: datetime

    @property
    def after(self) -> date:
        """The first day of the next month."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def today(self) -> date:
        """The last day of which anything is known, or the first of the month."""
        return max(self.known_to.date(), self.first)

    @property
    def rest_of_today(self) -> float:
        """The part of that day that is still to come."""
        begun = datetime.combine(self.today, datetime.min.time(), UTC)
        return 1 - max((self.known_to - begun) / timedelta(hours=_HOURS_IN_DAY), 0)

    @property
    def to_come(self) -> list[date]:
        """The days of the month after that day."""
        return [self.today + timedelta(days=n) for n in range(1, (self.after - self.today).days)]


def month_of(now_ms: int, known_to_ms: int | None) -> Month:
    """The UTC month of a time, known up to another."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    known = now if known_to_ms is None else min(now, datetime.fromtimestamp(known_to_ms / 1000, UTC))
    return Month(now.date().replace(day=1), known)


def month_end(by_day: Mapping[date, float], since: date, month: Month) -> Forecast:
    """The forecast of a sum that grew by `by_day`, whose first day was `since`; a day that is not there added nothing.

    Whole days before today are the sample, the last 56 at most. With four weeks of them each day to come is expected to
    be the mean of its weekday, else the mean of all. The interval covers 90 %: days are taken to scatter independently
    around their mean, which is itself only estimated.
    """
    so_far = sum(value for day, value in by_day.items() if month.first <= day < month.after)
    first = max(since, month.today - timedelta(days=LOOKED_BACK_DAYS))
    sample = [(day, by_day.get(day, 0.0)) for day in _days(first, month.today)]
    if not sample:
        return Forecast(None, None, None, "no whole day is known yet")
    means = _means(sample)
    weights = {**dict.fromkeys(month.to_come, 1.0), month.today: month.rest_of_today}
    rest = sum(weight * means[day.weekday()] for day, weight in weights.items())
    method = _method(sample)
    if len(sample) < LEVEL_DAYS:
        return Forecast(so_far + rest, so_far, None, f"{method}: too few for an interval")
    edge = _MIDDLE_TO_EDGE * _deviation(sample, means, list(weights.values()))
    return Forecast(so_far + rest, so_far + max(rest - edge, 0.0), so_far + rest + edge, method)


def _days(first: date, end: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((end - first).days)]


def _means(sample: Sequence[tuple[date, float]]) -> list[float]:
    """What is expected of each weekday, Monday first."""
    if len(sample) < WEEKDAY_DAYS:
        return [fmean(value for _, value in sample)] * _DAYS_IN_WEEK
    of_weekday = [[value for day, value in sample if day.weekday() == n] for n in range(_DAYS_IN_WEEK)]
    return [fmean(values) for values in of_weekday]


def _method(sample: Sequence[tuple[date, float]]) -> str:
    if len(sample) >= WEEKDAY_DAYS:
        return f"mean of each weekday over {len(sample)} days"
    return f"mean of {len(sample)} days"


def _deviation(sample: Sequence[tuple[date, float]], means: Sequence[float], weights: Sequence[float]) -> float:
    """The standard deviation of the weighted sum of days to come, that of their estimated means included."""
    fitted = _DAYS_IN_WEEK if len(sample) >= WEEKDAY_DAYS else 1
    squares = sum((value - means[day.weekday()]) ** 2 for day, value in sample)
    variance = squares / (len(sample) - fitted)
    scatter = sum(weight * weight for weight in weights)
    estimated = sum(weights) ** 2 / len(sample)
    return math.sqrt(variance * (scatter + estimated))
