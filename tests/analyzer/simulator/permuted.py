"""The same execution as AWS might have written it: events of branches side by side in another order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from tests.analyzer.simulator.ledger import Place, Try
from tests.analyzer.simulator.runs import Recording
from tests.analyzer.simulator.world import Lane

Event = dict[str, Any]
Item = tuple[Event, Lane | None]


def permuted(run: Recording, random: Random) -> tuple[list[Event], dict[int, int]]:
    """The events in an order that differs where nothing settles it, numbered anew, and the old number of each."""
    items: list[Item] = list(zip(run.events, run.lanes, strict=True))
    for _ in range(3 * len(items)):
        index = random.randrange(len(items) - 1) if len(items) > 1 else 0
        if _may_swap(items[index : index + 2]):
            items[index], items[index + 1] = items[index + 1], items[index]
    numbers = {event["id"]: number for number, (event, _) in enumerate(items, 1)}
    return [_renumbered(event, numbers) for event, _ in items], {new: old for old, new in numbers.items()}


def _may_swap(pair: Sequence[Item]) -> bool:
    """Two events next to each other that stand in different branches of a container's try that did not fail."""
    if len(pair) < 2:
        return False
    (first, one), (second, other) = pair
    if one is None or other is None or second["previousEventId"] == first["id"]:
        return False
    parted = _parted(one.place, other.place)
    return parted is not None and parted.outcome == "succeeded"


def _parted(one: Place, other: Place) -> Try | None:
    """The container's try in whose branches two places part; None when one lies within the other."""
    for mine, his in zip(_line(one), _line(other), strict=False):
        if mine is not his:
            return mine.container
    return None


def _line(place: Place) -> list[Place]:
    return list(_outwards(place))[::-1]


def _outwards(place: Place) -> Iterator[Place]:
    yield place
    while place.owner is not None:
        place = place.owner.place
        yield place


def _renumbered(event: Event, numbers: dict[int, int]) -> Event:
    new = {**event, "id": numbers[event["id"]], "previousEventId": numbers.get(event["previousEventId"], 0)}
    for key, details in event.items():
        if isinstance(details, dict) and "cause" in details:
            cause = re.sub(r"#(\d+)", lambda found: f"#{numbers[int(found[1])]}", details["cause"])
            new[key] = {**details, "cause": cause}
    return new
