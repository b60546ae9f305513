"""The variant of an execution: the way it took through its definition, in one line.

    Validate → (Poll → Wait)+ → {Email | Sms} → Items[Resize → Save] → Done

States follow each other by arrows. A part that was gone through more than once in a row stands in brackets with a `+`,
so that ten polls and eleven are one variant. Branches stand in braces, and the different ways of a Map's iterations
behind its name, both in the order of the alphabet: in which order they ran, and how many iterations there were, makes
no variant. Retries make none either: of a container only the last attempt is told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzer.attempt_rows import AttemptRow
    from analyzer.scopes import Scopes

ARROW, OTHERWISE = " → ", " | "
LONGEST_LOOP = 24
"""States in the longest part that is looked for again: more is no loop that a person drew."""
LONGEST_VARIANT = 1_000
"""Characters of a variant: a longer one is cut, and ends in a number that tells it from others that begin so."""


def variant_of(rows: Sequence[AttemptRow], scopes: Scopes | None) -> str | None:
    """The variant of an execution with these rows, by event; None when it entered no state."""
    names = [row.state if row.attempt == 1 else "" for row in rows]
    if scopes is None:
        return _shortened(_way(names))
    return _shortened(_way_through(rows, names, scopes))


def _way_through(rows: Sequence[AttemptRow], names: Sequence[str], scopes: Scopes) -> str:
    """The way at the top level, each container told with what it holds: the scopes entered last are told first."""
    held: dict[int, list[int]] = {}
    for index, scope in enumerate(scopes.of_row):
        held.setdefault(scope, []).append(index)
    last_try = {row.visit_id: index for index, row in enumerate(rows)}
    ways: dict[int, set[str]] = {}
    for scope in sorted(held, key=lambda one: held[one][0], reverse=True):
        tokens = [_token(rows[index], names[index], ways.get(last_try[rows[index].visit_id])) for index in held[scope]]
        ways.setdefault(scopes.parent[scope], set()).add(_way(tokens))
    return ARROW.join(sorted(ways[_OUTSIDE]))


_OUTSIDE = -1
"""The parent of a scope at the top level."""


def _token(row: AttemptRow, name: str, ways: set[str] | None) -> str:
    """A state as it stands in a variant; an empty text for what is no first attempt."""
    if not name or not ways:
        return name
    brackets = "[]" if row.state_type == "Map" else "{}"
    return f"{name}{brackets[0]}{OTHERWISE.join(sorted(ways))}{brackets[1]}"


def _way(tokens: Sequence[str]) -> str:
    """States one after another, with what repeats in a row told once."""
    told = [token for token in tokens if token]
    return ARROW.join(told if len(set(told)) == len(told) else _folded(told))


def _folded(tokens: Sequence[str]) -> list[str]:
    """The tokens with loops in brackets, inner ones first."""
    way: list[str] = []
    bodies: dict[str, list[str]] = {}
    for token in tokens:
        way.append(token)
        while _shorten(way, bodies):
            pass
    return way


def _shorten(way: list[str], bodies: dict[str, list[str]]) -> bool:
    """Take one repetition off the end of a way, if there is one."""
    for length in range(1, min(LONGEST_LOOP, len(way) - 1) + 1):
        tail, before = way[-length:], way[-length - 1]
        if bodies.get(before) == tail:
            del way[-length:]
            return True
        if before == tail[-1] and way[-2 * length : -length] == tail:
            loop = f"({ARROW.join(tail)})+"
            bodies[loop] = tail
            way[-2 * length :] = [loop]
            return True
    return False


def _shortened(way: str) -> str | None:
    if len(way) <= LONGEST_VARIANT:
        return way or None
    return f"{way[:LONGEST_VARIANT]}… #{hashlib.sha256(way.encode()).hexdigest()[:8]}"
