"""Spreads the recordings over thirty days: which recording stands for which execution, when, and how stretched.

    python -m sample_data.plan

Deterministic: the same recordings give the same plan. What it writes is described in README.md beside it.
"""

from __future__ import annotations

import json
import math
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

from sample_data.scenario import MACHINES

FOLDER = Path(__file__).parent
SEED = 20_261_021
FIRST_DAY = "2026-10-21"
DAYS = 30
SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
SEOUL = 9 * HOUR
FIRST_WEEKDAY = 2
"""The weekday of the first day; Monday is 0."""

BY_HOUR = (2, 1, 1, 1, 1, 1, 2, 4, 7, 9, 11, 12, 10, 9, 9, 10, 10, 9, 8, 9, 11, 10, 7, 4)
"""How busy the shop is in each hour of the day in Seoul."""
BY_WEEKDAY = (1.0, 1.05, 1.0, 1.0, 1.15, 0.7, 0.55)
SPREAD = 0.16
"""Sigma of the log-normal factor by which a run's clock is stretched."""
NARROWEST, WIDEST = 0.7, 1.6

SHOPPERS = {
    "order-processing": 1_300,
    "image-pipeline": 700,
    "recommendation": 700,
    "checkout-api": 620,
    "coupon-issue": 240,
    "refund-approval": 150,
}
"""Runs in the whole time of the machines that follow the shop's customers."""

AT_HOURS = {
    "catalog-import": (0, 6, 12, 18),
    "nightly-report": (2, 14),
    "settlement": (4, 16),
}
"""Hours in Seoul at which the machines run that a schedule starts."""

REBUILDS = (1, 4)
"""Weekdays on which the shop's photos are rebuilt, at three in the morning."""

NUMBERED = {"order-processing": ("order", 48_211), "refund-approval": ("refund", 3_007)}
"""Machines whose executions are named by a number that counts up; the others have names that AWS makes up."""

PHASES: dict[str, tuple[tuple[float, str], ...]] = {
    "order-processing": ((0, "usual"), (12 + 1 / 24, "bad deploy"), (15 + 7 / 24, "fixed")),
    "image-pipeline": ((0, "usual"), (20 + 5 / 24, "slow dependency")),
    "recommendation": ((0, "usual"), (24, "new error")),
}
"""From which day on a machine's runs are those of which phase; the others are "usual" throughout."""

CREATED_DAYS_BEFORE = 62
DEPLOYED = ("bad deploy", "fixed")
"""Phases that begin with a new revision."""


class Planned(NamedTuple):
    """One execution to be: the number of its recording, its start after the first day's midnight, the stretch."""

    recording: int
    start_ms: int
    stretch: float
    name: str = ""


Recording = dict[str, Any]


def phase_at(machine: str, start_ms: int) -> str:
    """The phase whose recordings stand for a run that starts then."""
    begun = [name for day, name in PHASES.get(machine, ((0, "usual"),)) if start_ms >= day * DAY]
    return begun[-1]


def shoppers(dice: random.Random, count: int) -> Iterator[int]:
    """Starts that follow the shop's day and week."""
    hours = range(DAYS * 24)
    weights = [BY_HOUR[(hour + 9) % 24] * BY_WEEKDAY[(FIRST_WEEKDAY + (hour + 9) // 24) % 7] for hour in hours]
    for hour in dice.choices(hours, weights, k=count):
        yield hour * HOUR + dice.randrange(HOUR)


def scheduled(
    dice: random.Random, hours: tuple[int, ...], weekdays: tuple[int, ...] = tuple(range(7))
) -> Iterator[int]:
    """Starts at fixed hours in Seoul, a few seconds late as schedules are."""
    for day in range(DAYS + 1):
        for hour in hours:
            start = day * DAY + hour * HOUR - SEOUL + dice.randrange(20 * SECOND)
            if 0 <= start < DAYS * DAY and (FIRST_WEEKDAY + day) % 7 in weekdays:
                yield start


def starts(dice: random.Random) -> dict[str, list[int]]:
    """When each machine starts."""
    return (
        {machine: list(shoppers(dice, count)) for machine, count in SHOPPERS.items()}
        | {machine: list(scheduled(dice, hours)) for machine, hours in AT_HOURS.items()}
        | {"photo-rebuild": list(scheduled(dice, (3,), REBUILDS))}
    )


def length_ms(recording: Recording) -> int:
    """From the first event of a recording to its last."""
    if "records" in recording:
        stamps = [int(json.loads(record)["event_timestamp"]) for record in recording["records"]]
    else:
        stamps = [event["timestamp"] for member in recording["members"] for event in member["events"]]
    return max(stamps) - min(stamps)


def has_timed_out(recording: Recording) -> bool:
    """Whether a timeout of the definition was reached: its clock is then left alone."""
    return any("TimedOut" in event["type"] for member in recording.get("members", ()) for event in member["events"])


def is_running(recording: Recording) -> bool:
    """Whether it was recorded before it ended."""
    return any(member["described"]["status"] == "RUNNING" for member in recording.get("members", ()))


def stretched(dice: random.Random, recording: Recording) -> float:
    """By how much its clock is stretched this time."""
    factor = math.exp(dice.gauss(0, SPREAD))
    return 1.0 if has_timed_out(recording) else round(min(max(factor, NARROWEST), WIDEST), 3)


def planned(recordings: list[Recording]) -> list[Planned]:
    """Every execution to be, by start; none ends after the last day."""
    dice = random.Random(SEED)  # noqa: S311 - repeatable is what is wanted
    decks = {key: _dealt(dice, numbers) for key, numbers in _often(recordings).items()}
    rows = [
        _at(dice, recordings, next(decks[machine, phase_at(machine, start)]), start)
        for machine, begins in starts(dice).items()
        for start in begins
    ]
    rows += [_rare(dice, recordings, number) for number, recording in enumerate(recordings) if recording["once"]]
    return _named(sorted(rows, key=lambda row: (row.start_ms, row.recording)), recordings)


def _often(recordings: list[Recording]) -> dict[tuple[str, str], list[int]]:
    """The recordings that may be used any number of times, by machine and phase."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, recording in enumerate(recordings):
        if not recording["once"]:
            found[recording["machine"], recording["phase"]].append(number)
    return found


def _dealt(dice: random.Random, numbers: list[int]) -> Iterator[int]:
    """The numbers as from a deck that is shuffled again whenever it is used up."""
    while True:
        yield from dice.sample(numbers, len(numbers))


def _at(dice: random.Random, recordings: list[Recording], number: int, start: int) -> Planned:
    stretch = stretched(dice, recordings[number])
    latest = DAYS * DAY - math.ceil(length_ms(recordings[number]) * stretch) - SECOND
    return Planned(number, min(start, latest), stretch)


def _rare(dice: random.Random, recordings: list[Recording], number: int) -> Planned:
    """A run that is used once: at any time, or, when it still runs, in the last ten minutes."""
    start = (
        DAYS * DAY - dice.randrange(MINUTE, 10 * MINUTE) if is_running(recordings[number]) else next(shoppers(dice, 1))
    )
    return _at(dice, recordings, number, start)


def _named(rows: list[Planned], recordings: list[Recording]) -> list[Planned]:
    counted: dict[str, int] = defaultdict(int)
    return [row._replace(name=_name(recordings[row.recording]["machine"], counted)) for row in rows]


def _name(machine: str, counted: dict[str, int]) -> str:
    counted[machine] += 1
    if machine in NUMBERED:
        word, first = NUMBERED[machine]
        return f"{word}-{first + counted[machine]}"
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{machine}/{counted[machine]}"))


def revised(machine: str) -> list[int]:
    """When each revision of a machine was deployed, against the first day's midnight; the first is its creation."""
    later = [round(day * DAY) for day, name in PHASES.get(machine, ()) if name in DEPLOYED]
    return [-CREATED_DAYS_BEFORE * DAY + 5 * HOUR, *later]


def main() -> None:
    """Plans anew from the recordings that are there."""
    packed = (FOLDER / "recordings.jsonl.zst").read_bytes()
    recordings = [json.loads(line) for line in zstandard.ZstdDecompressor().decompress(packed).splitlines()]
    plan = {
        "first_day": FIRST_DAY,
        "days": DAYS,
        "revised": {machine: revised(machine) for machine in MACHINES},
        "executions": planned(recordings),
    }
    text = json.dumps(plan, separators=(",", ":")).encode()
    (FOLDER / "plan.json.zst").write_bytes(zstandard.ZstdCompressor(level=19).compress(text))


if __name__ == "__main__":
    main()
