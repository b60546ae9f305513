"""The executions to be: which recording each of them repeats, when, how fast, and in which order its branches went.

Deterministic by its seed.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from benchmarks.templates import EXPRESS, Document, Recorded, Template, template

DAY_MS = 86_400_000
FIRST_DAY = 20_666
"""2026-08-01, in days since 1970."""
DAYS = 90
END_MS = (FIRST_DAY + DAYS) * DAY_MS
"""The end of the last day: what the benchmarks take for now."""
PACE = 0.3
"""Sigma of the log-normal factor by which a run is slower than it was recorded."""


class Execution(NamedTuple):
    """An execution to be: its name, what it repeats, its start, how much slower, and its events' order.

    `order` holds positions in the template, in the order in which the events happen this time.
    """

    name: str
    template: Template
    start_ms: int
    stretch: float
    order: Sequence[int]

    @property
    def recorded(self) -> Recorded:
        """What it repeats."""
        return self.template.recorded

    @property
    def arn(self) -> str:
        """Its ARN."""
        kind, tail = ("express", f":{self.name[::-1]}") if self.is_express else ("execution", "")
        return f"{self.recorded.machine_arn.replace('stateMachine', kind)}:{self.name}{tail}"

    @property
    def is_express(self) -> bool:
        """Whether its machine is an Express one."""
        return self.recorded.machine_arn.endswith(EXPRESS)

    @property
    def times(self) -> list[int]:
        """When its events happen, in milliseconds since 1970."""
        return [self.start_ms + int(offset * self.stretch) for offset in self.template.offsets]

    def events(self, spelled: Callable[[int], bytes]) -> list[bytes]:
        """Its events as JSON, by id; `spelled` writes a time."""
        pieces, before, order = self.template.pieces, self.template.before, self.order
        slots = {position: b"%d" % number for number, position in enumerate(order, 1)}
        slots[-1] = b"0"
        return [
            pieces[position] % (slots[position], slots[before[position]], spelled(at))
            for position, at in zip(order, self.times, strict=True)
        ]


def interleaved(template: Template, dice: random.Random) -> list[int]:
    """The events' positions in an order that could as well have happened.

    Branches and iterations that run side by side interleave differently each time: a neighbour that is not the cause
    may come first. What no branch shares, a sequence, stays as it is.
    """
    order, before, movable = list(range(len(template.before))), template.before, template.movable
    for _ in range(template.neighbours * 2):
        place = dice.randrange(len(order) - 1)
        first, second = order[place], order[place + 1]
        if movable[first] and movable[second] and before[second] != first:
            order[place : place + 2] = second, first
    return order


class Deck:
    """Recordings to draw from, each as often as its machine runs; `spelled` is how their events are written."""

    def __init__(self, recordings: Sequence[Recorded], spelled: Callable[[Document], Document] = dict) -> None:
        alike = Counter(one.machine_arn for one in recordings)
        self._recordings = recordings
        self._weights = [one.weight / alike[one.machine_arn] for one in recordings]
        self._template = cache(lambda number: template(recordings[number], spelled))

    @property
    def mean_events(self) -> float:
        """Events of an execution, on average."""
        weighed = zip(self._recordings, self._weights, strict=True)
        return sum(len(one.events) * weight for one, weight in weighed) / sum(self._weights)

    def of_day(self, day: int, count: int, seed: int) -> Iterator[Execution]:
        """This many executions that start on a UTC day, by start: the same for the same seed, day and count."""
        dice = random.Random(f"{seed}/{day}")
        starts = sorted(dice.randrange(DAY_MS) for _ in range(count))
        for start, number in zip(starts, dice.choices(range(len(self._weights)), self._weights, k=count), strict=True):
            name = str(uuid.UUID(int=dice.getrandbits(128), version=4))
            drawn, pace = self._template(number), dice.lognormvariate(0, PACE)
            yield Execution(name, drawn, day * DAY_MS + start, pace, interleaved(drawn, dice))


def days_of(executions: int, days: int = DAYS) -> Iterator[tuple[int, int]]:
    """Each day and how many executions start on it; the last day is always the same."""
    for number in range(days):
        count = (executions * (number + 1)) // days - (executions * number) // days
        yield FIRST_DAY + DAYS - days + number, count
