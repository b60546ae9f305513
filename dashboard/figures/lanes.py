"""The rows of a timeline: one for each state, one for each item of a Map, what a container holds below it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

Key = tuple[Any, ...]
Attempt = Any
"""A row of the table `attempts`, as `itertuples` gives it."""

TOP: Key = ()


class Lane(NamedTuple):
    """A row: its name, how deep in containers it stands, and whether several states share it."""

    name: str
    depth: int
    is_item: bool


class Lanes(NamedTuple):
    """The rows from top to bottom, and the position of each attempt's row by its `event_id`."""

    lanes: list[Lane]
    position: dict[int, int]


def lanes_of(attempts: pd.DataFrame) -> Lanes:
    """The rows that the attempts of one execution need, in the order in which a reader follows them.

    Visits of one state in one place share a row, for they cannot overlap; so do all states of one item of a Map.
    """
    rows: list[Attempt] = list(attempts.sort_values("event_id").itertuples(index=False))
    by_event = {row.event_id: row for row in rows}
    keys: dict[int, Key] = {}
    first: dict[Key, Attempt] = {}
    for row in rows:
        key = _key(row, by_event, keys)
        keys[row.event_id] = key
        first.setdefault(key, row)
    ordered = list(_below(TOP, _children(first)))
    places = {key: place for place, key in enumerate(ordered)}
    lanes = [Lane(_name(key, first[key]), len(key) - 1, _is_item(key)) for key in ordered]
    return Lanes(lanes, {event: places[key] for event, key in keys.items()})


def _key(row: Attempt, by_event: dict[int, Attempt], keys: dict[int, Key]) -> Key:
    """Where a row stands: the steps from the top, each a container with branch or item, and a state at the end."""
    container = None if pd.isna(row.parent_id) else by_event.get(row.parent_id)
    if container is None:
        return (("state", "", -1, row.state),)
    above = keys[container.event_id]
    if container.state_type == "Map" and not pd.isna(row.iteration):
        return (*above, ("item", container.state, int(str(row.iteration).rpartition("/")[2]), ""))
    branch = -1 if pd.isna(row.branch) else int(row.branch)
    return (*above, ("state", container.state, branch, row.state))


def _children(first: dict[Key, Attempt]) -> dict[Key, list[Key]]:
    """The rows directly below each row: of one container after another, its branches or items in their order."""
    below: dict[Key, list[Key]] = {}
    containers: dict[Key, int] = {}
    for key, row in first.items():
        below.setdefault(key[:-1], []).append(key)
        containers.setdefault((*key[:-1], key[-1][1]), row.event_id)
    for above, siblings in below.items():
        siblings.sort(key=lambda key: (containers[*above, key[-1][1]], key[-1][2], first[key].event_id))
    return below


def _below(key: Key, children: dict[Key, list[Key]]) -> Iterable[Key]:
    for child in children.get(key, ()):
        yield child
        yield from _below(child, children)


def _is_item(key: Key) -> bool:
    return bool(key[-1][0] == "item")


def _name(key: Key, first: Attempt) -> str:
    return f"item {key[-1][2]}" if _is_item(key) else str(first.state)
