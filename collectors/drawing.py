"""Which successes to fetch first, when there is no time for all: a sample of each machine and day, drawn by lot.

Each execution has its lot for good, made of its ARN, so that a pass draws on where the one before stopped: what is
fetched of a day is at any time close to those of its executions with the smallest lots.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from store.queue import Candidate

LEAST = 10
"""Histories of each machine and day that come before all others, so that their spread can be told."""


def drawn(candidates: Iterable[Candidate]) -> list[int]:
    """Ids of the candidates still to be fetched, in the order to fetch them; candidates come day by day.

    Wherever that order is cut, each day has been fetched in proportion to the square root of its executions, more of
    the small ones: a compromise between knowing each machine and day equally well, and knowing the sum best.
    """
    days = (list(day) for _, day in groupby(candidates, key=itemgetter(1, 2)))
    return [execution_id for _, _, execution_id in sorted(place for day in days for place in _places(day))]


def _places(day: Sequence[Candidate]) -> list[tuple[bool, float, int]]:
    by_lot = sorted(day, key=_lot)
    return [
        (rank > LEAST, rank * rank / len(by_lot), one.id) for rank, one in enumerate(by_lot, start=1) if one.is_wanted
    ]


def _lot(candidate: Candidate) -> bytes:
    return hashlib.blake2b(candidate.arn.encode(), digest_size=8).digest()
