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
    if all(row.parent_id is None for row in rows):
        return None
    numbers: dict[ScopeKey, int] = {(None, None, None): 0}
    of_row = [numbers.setdefault(_key(row), len(numbers)) for row in rows]
    inside: list[list[AttemptRow]] = [[] for _ in numbers]
    for row, scope in zip(rows, of_row, strict=True):
        inside[scope].append(row)
    at = {row.event_id: index for index, row in enumerate(rows)}
    parent = [-1 if key[0] is None else at.get(key[0], -1) for key in numbers]
    is_iteration = [index >= 0 and rows[index].state_type == "Map" for index in parent]
    return Scopes(
        of_row,
        parent,
        [min((row.entered_at for row in held), default=-1) for held in inside],
        [_end(held) for held in inside],
        [bool(held) and held[-1].outcome not in ("aborted", "running") for held in inside],
        is_iteration,
        _ranks(list(numbers), inside),
    )


def _key(row: AttemptRow) -> ScopeKey:
    return (None, None, None) if row.parent_id is None else (row.parent_id, row.branch, row.iteration)


def _end(held: Sequence[AttemptRow]) -> int:
    """When the last state in a scope was left, or ended without being left; -1 while it is open."""
    if any(row.outcome == "running" for row in held):
        return -1
    ends = [row.exited_at if row.exited_at is not None else row.ended_at for row in held]
    return max((end for end in ends if end is not None), default=-1)


def _ranks(keys: Sequence[ScopeKey], inside: Sequence[Sequence[AttemptRow]]) -> list[int]:
    """The place of each scope among all: by its states, then by the number of the iteration."""
    held = [tuple(row.state for row in rows) for rows in inside]
    order = sorted(range(len(keys)), key=lambda scope: (held[scope], _numbers(keys[scope][2])))
    ranks = [0] * len(order)
    for rank, scope in enumerate(order):
        ranks[scope] = rank
    return ranks


def _numbers(iteration: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in iteration.split("/")) if iteration else ()
