"""Counts by day as rows of an array: a row for each thing counted, a column for each day."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]

DAYS_SHOWN = 90
"""As long as AWS keeps a history, and no more however old an imported file is."""


def daily(rows: Counts, days: Counts, counts: Counts, shape: tuple[int, int]) -> Counts:
    """The sum of the counts by row and day; what lies before the first day is left out."""
    found = np.zeros(shape, np.int64)
    shown = (days >= 0) & (days < shape[1])
    np.add.at(found, (rows[shown], days[shown]), counts[shown])
    return found


def slopes(table: Counts) -> npt.NDArray[np.float64]:
    """The least-squares slope of each row, per day; not a number where there is only one day."""
    days = np.arange(table.shape[1]) - (table.shape[1] - 1) / 2
    if len(days) == 1:
        return np.full(len(table), np.nan)
    found: npt.NDArray[np.float64] = table @ days / (days @ days)
    return found


def spelled(table: Counts) -> list[str]:
    """Each row as a text: its numbers apart by spaces."""
    return [" ".join(map(str, row)) for row in table]
