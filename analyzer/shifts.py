"""Days on which a machine began to behave otherwise, found in what was counted day by day.

Of all stretches of days the one that differs most from the days around it is taken (circular binary segmentation), and
then looked on within and around it. The difference has to be five and a half standard errors, which are widened when
days differ more among themselves than chance explains, and large enough to matter: over all stretches of a month and
dozens of machines, chance alone reaches that once in some hundred months.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Days = npt.NDArray[np.intp]

ERRORS = 5.5
FEWEST_DAYS = 2
"""Days on each side of a shift."""
FEWEST = 30
"""Executions on each side of a shift."""


LEAST_SPREAD = 1e-4
"""The least spread to reckon with: of figures that never differ any difference would be infinite."""


class Daily(NamedTuple):
    """What was counted on one day: how many, the sum of a figure, and the sum of its squares."""

    day: int
    counted: float
    total: float
    squares: float


class Shift(NamedTuple):
    """From `day` on, until the next shift, the mean of a figure was another."""

    day: int
    before: float
    after: float


def shifts(series: Sequence[Daily], least: float) -> list[Shift]:
    """The shifts of a series of days, by day; smaller ones than `least`, in the figure's unit, are none."""
    parts = list(_parts(sorted(series), least))
    means = [sum(day.total for day in part) / sum(day.counted for day in part) for part in parts]
    pairs = zip(pairwise(means), parts[1:], strict=True)
    return [Shift(part[0].day, before, after) for (before, after), part in pairs]


def _parts(series: Sequence[Daily], least: float) -> Iterator[Sequence[Daily]]:
    """The series cut where it shifts."""
    found = _stretch(series, least)
    if found is None:
        if series:
            yield series
        return
    begin, end = found
    for part in (series[:begin], series[begin:end], series[end:]):
        yield from _parts(part, least)


def _stretch(series: Sequence[Daily], least: float) -> tuple[int, int] | None:
    """The stretch of days that differs most from the others, if it is far enough beyond chance."""
    if len(series) < 2 * FEWEST_DAYS:
        return None
    begins, ends = _stretches(len(series))
    cells = np.array([day[1:] for day in series], np.float64)
    inside = _sums(cells, begins, ends)
    difference, error = _compared(inside, cells.sum(axis=0) - inside, cells)
    errors = np.where((difference >= least) & np.isfinite(error), difference / error, 0.0)
    best = int(np.argmax(errors))
    return (int(begins[best]), int(ends[best])) if errors[best] >= ERRORS else None


def _stretches(days: int) -> tuple[Days, Days]:
    """Begin and end of all stretches of enough days that leave enough before and after them, or none."""
    begins, ends = np.triu_indices(days + 1, FEWEST_DAYS)
    rest = days - ends
    is_wanted = ((begins == 0) | (begins >= FEWEST_DAYS)) & ((rest == 0) | (rest >= FEWEST_DAYS)) & (begins + rest > 0)
    return begins[is_wanted], ends[is_wanted]


def _sums(cells: Values, begins: Days, ends: Days) -> Values:
    """What was counted in each stretch."""
    running = np.vstack([np.zeros(cells.shape[1]), np.cumsum(cells, axis=0)])
    return np.asarray(running[ends] - running[begins], np.float64)


def _compared(inside: Values, outside: Values, cells: Values) -> tuple[Values, Values]:
    """The difference of the means of each stretch and the days around it, and its standard error."""
    (n, total, square), (m, rest, other) = inside.T, outside.T
    enough = (n >= FEWEST) & (m >= FEWEST)
    n, m = np.where(enough, n, 1.0), np.where(enough, m, 1.0)
    explained = total**2 / n + rest**2 / m
    spread = np.maximum((square + other - explained) / np.maximum(n + m - 2, 1), LEAST_SPREAD)
    by_day = (cells[:, 1] ** 2 / np.maximum(cells[:, 0], 1)).sum()
    restless = np.maximum((by_day - explained) / spread / max(len(cells) - 2, 1), 1.0)
    error = np.sqrt(spread * restless * (1 / n + 1 / m))
    return np.abs(total / n - rest / m), np.where(enough, error, np.inf)
