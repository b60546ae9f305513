"""Whether an issue is new, ongoing, regressed or gone: told from the days on which it was seen, unless by chance.

An issue that hits k executions of a machine at random leaves out a share g of the machine's executions with probability
(1 - g)^k. What is less likely than `BY_CHANCE` is not taken for chance.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

NEW, REGRESSED, ONGOING, GONE, RARE = "new", "regressed", "ongoing", "gone", "rare"
PHASES = (REGRESSED, NEW, ONGOING, RARE, GONE)
"""In the order in which they ask for attention."""

RECENT_DAYS = 7
"""What began within so many days of the last is news."""

QUIET_DAYS = 3
"""How long nothing has to happen at least, on days on which the machine ran."""

FEWEST = 3
"""In so few executions an issue tells nothing about its days."""

BY_CHANCE = 0.001

Days = npt.NDArray[np.int64]


class Phase(NamedTuple):
    """What an issue is up to, and the last of the quiet days before it came back, if it did."""

    name: str
    quiet_days: int = 0


def phase(seen: Days, ran: Days) -> Phase:
    """The phase of an issue, from the executions it hit and those that its machine ran, by day, oldest first."""
    hit, total = int(seen.sum()), int(ran.sum())
    if hit < FEWEST:
        return Phase(RARE)
    days = np.flatnonzero(seen)
    first, last, end = int(days[0]), int(days[-1]), len(seen) - 1
    if end - last >= QUIET_DAYS and _is_no_chance(ran[last + 1 :], total, hit):
        return Phase(GONE)
    if end - first < RECENT_DAYS and first > 0 and _is_no_chance(ran[:first], total, hit):
        return Phase(NEW)
    quiet = _quiet(days, end)
    if quiet is not None and _is_no_chance(ran[quiet[0] : quiet[1]], total, hit):
        return Phase(REGRESSED, quiet[1] - quiet[0])
    return Phase(ONGOING)


def _is_no_chance(left_out: Days, total: int, hit: int) -> bool:
    """Whether chance would hardly leave out that part of a machine's executions."""
    return bool((1 - left_out.sum() / max(total, 1)) ** hit < BY_CHANCE)


def _quiet(days: Days, end: int) -> tuple[int, int] | None:
    """The longest time without, that ended within the recent days: from a day on and before another."""
    pauses = [
        (before + 1, after)
        for before, after in pairwise(days.tolist())
        if end - after < RECENT_DAYS and after - before > QUIET_DAYS
    ]
    return max(pauses, key=lambda pause: pause[1] - pause[0], default=None)
