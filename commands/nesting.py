"""The attempts of one execution as they lie within each other: visits, tries, branches and iterations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from commands.wording import duration

Row = Mapping[str, Any]
Inside = Mapping[int | None, list[Row]]

CONTAINERS = {"Parallel": "branch", "Map": "iteration"}
"""What tells apart the parts of a container."""


@dataclass(frozen=True)
class Node:
    """A line of a tree and what lies below it.

    `row` is the attempt that it shows: that of a visit with one try, or one try of several. A visit with several tries,
    a branch, an iteration and a note about what is left out have none. `kind` says what sort of state it is.
    """

    title: str
    kind: str = ""
    row: Row | None = None
    within: tuple[Node, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Everything in it succeeded at the first try."""
        return all(row["outcome"] == "succeeded" and row["attempt"] == 1 for row in self.rows())

    def rows(self) -> Iterator[Row]:
        """Its own row and all rows below."""
        if self.row is not None:
            yield self.row
        for node in self.within:
            yield from node.rows()


def nested(rows: Iterable[Row]) -> tuple[Node, ...]:
    """The rows of `attempts` of one execution as a tree, in the order of their events.

    What lies in a container of which nothing is known, as in a history that lacks its beginning, stands at the top.
    """
    ordered = sorted(rows, key=lambda row: int(row["event_id"]))
    known = {row["event_id"] for row in ordered}
    inside: dict[int | None, list[Row]] = {}
    for row in ordered:
        inside.setdefault(row["parent_id"] if row["parent_id"] in known else None, []).append(row)
    return _visits(inside, inside.get(None, []))


def _visits(inside: Inside, rows: Sequence[Row]) -> tuple[Node, ...]:
    tries: dict[Any, list[Row]] = {}
    for row in rows:
        tries.setdefault(row["visit_id"] or row["event_id"], []).append(row)
    times = Counter(group[0]["state"] for group in tries.values())
    return tuple(_visit(inside, group, is_again=times[group[0]["state"]] > 1) for group in tries.values())


def _visit(inside: Inside, tries: Sequence[Row], *, is_again: bool) -> Node:
    first = tries[0]
    title = _visit_title(first, is_again=is_again)
    kind = " ".join(first[name] for name in ("state_type", "resource", "target") if first[name])
    if len(tries) == 1:
        return Node(title, kind, first, _parts(inside, first))
    return Node(title, kind, within=tuple(Node(_try_title(row), "", row, _parts(inside, row)) for row in tries))


def _visit_title(row: Row, *, is_again: bool) -> str:
    if row["attempt"] is None:
        return f"redrive {row['redrive']}"
    again = f", visit {row['visit']}" if is_again and row["visit"] is not None else ""
    redriven = f", redrive {row['redrive']}" if row["redrive"] else ""
    return f"{row['state']}{again}{redriven}"


def _try_title(row: Row) -> str:
    if row["attempt"] == 1:
        return "attempt 1"
    waited = f" after {duration(row['backoff_ms'])}" if row["backoff_ms"] is not None else ""
    return f"retry {row['attempt'] - 1}{waited}"


def _parts(inside: Inside, container: Row) -> tuple[Node, ...]:
    """The branches or iterations within one try of a container, by number."""
    part = CONTAINERS.get(container["state_type"], "branch")
    groups: dict[Any, list[Row]] = {}
    for row in inside.get(container["event_id"], []):
        groups.setdefault(row[part], []).append(row)
    ordered = sorted(groups.items(), key=lambda group: _numbers(group[0]))
    return tuple(Node(f"{part} {'?' if key is None else key}", within=_visits(inside, rows)) for key, rows in ordered)


def _numbers(part: int | str | None) -> list[int]:
    """A branch or the indexes of an iteration, such as `3/0`, as numbers; what has none comes first."""
    return [int(number) for number in str(part).split("/") if number.isdigit()]


FIRST, LAST, EVENTFUL = 10, 3, 30
"""How many nodes are kept of a long row of them: from its beginning, from its end, and of those with a failure."""


def shortened(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The same, with notes in place of what is much of the same: a Map has up to ten thousand iterations."""
    eventful = [position for position, node in enumerate(nodes) if not node.is_quiet][:EVENTFUL]
    kept = {*range(FIRST), *eventful, *range(len(nodes) - LAST, len(nodes))}
    short: list[Node] = []
    left_out: list[Node] = []
    for position, node in enumerate(nodes):
        if position not in kept:
            left_out.append(node)
            continue
        short += [_note(left_out)] if left_out else []
        short.append(replace(node, within=shortened(node.within)))
        left_out = []
    return tuple(short)


def _note(left_out: Sequence[Node]) -> Node:
    loud = sum(not node.is_quiet for node in left_out)
    what = f"{loud:,} of them with failures" if loud else "all succeeded at the first try"
    return Node(f"… {len(left_out):,} more, {what}; --all shows them")
