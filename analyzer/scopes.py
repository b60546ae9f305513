"""Where the attempts of one execution stand beside each other: at the top level, in branches, in iterations.

A *scope* is a place where states follow one another. Scopes side by side are those of one container's attempt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from analyzer.attempt_rows import AttemptRow

ScopeKey = tuple[int | None, int | None, str | None]


class Scopes(NamedTuple):
    """The scopes of an execution, the top level first, and in which of them each of its rows stands.

    `parent` is the row of the container's attempt around a scope, -1 at the top. `begin` is when its first state was
    entered and `end` when its last one ended, -1 while it has not, in the unit of the rows' times. `is_own` says that
    it ended by its own doing and was not cut short, `is_iteration` that it is one of a Map. `rank` orders scopes by
    what they hold, so that the order of their events does not.
    """

    of_row: list[int]
    parent: list[int]
    begin: list[int]
    end: list[int]
    is_own: list[bool]
    is_iteration: list[bool]
    rank: list[int]


def scopes_of(rows: Sequence[AttemptRow]) -> Scopes | None:
    """The scopes of one execution's rows, by event; None when no row stands in a container."""
    if not any(row.parent_id is not None for row in rows):
        return None
    numbers: dict[ScopeKey, int] = {_TOP: 0}
    inside: list[list[AttemptRow]] = [[]]
    of_row: list[int] = []
    at: dict[int, int] = {}
    for index, row in enumerate(rows):
        at[row.event_id] = index
        key = _TOP if row.parent_id is None else (row.parent_id, row.branch, row.iteration)
        scope = numbers.get(key)
        if scope is None:
            scope = numbers[key] = len(inside)
            inside.append([])
        of_row.append(scope)
        inside[scope].append(row)
    parent = [-1 if key[0] is None else at.get(key[0], -1) for key in numbers]
    return Scopes(
        of_row,
        parent,
        [held[0].entered_at if held else -1 for held in inside],
        [_end(held) for held in inside],
        [bool(held) and held[-1].outcome not in _CUT_SHORT for held in inside],
        [index >= 0 and rows[index].state_type == "Map" for index in parent],
        _ranks(list(numbers), inside),
    )


_TOP: ScopeKey = (None, None, None)
_CUT_SHORT = frozenset({"aborted", "running"})


def _end(held: Sequence[AttemptRow]) -> int:
    """When the last state in a scope was left, or ended without being left; -1 while it is open."""
    end = -1
    for row in held:
        at = row.exited_at if row.exited_at is not None else row.ended_at
        if at is not None and at > end:
            end = at
        if row.outcome == "running":
            return -1
    return end


def _ranks(keys: Sequence[ScopeKey], inside: Sequence[Sequence[AttemptRow]]) -> list[int]:
    """The place of each scope among all: by its states, then by the number of the iteration."""
    held = [[row.state for row in rows] for rows in inside]
    order = sorted(range(len(keys)), key=lambda scope: (held[scope], _number(keys[scope][2])))
    ranks = [0] * len(order)
    for rank, scope in enumerate(order):
        ranks[scope] = rank
    return ranks


def _number(iteration: str | None) -> int:
    """Its own index, without those of the iterations around it: only scopes side by side are compared."""
    return int(iteration.rpartition("/")[2]) if iteration else -1
