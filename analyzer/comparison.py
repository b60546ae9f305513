"""Two executions side by side: where their ways part, which states took longer, what they called otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

import pandas as pd

from analyzer.columns import count, text
from analyzer.frames import frame_from

Row = Mapping[str, Any]
Place = tuple[str, str, int]

COLUMNS = (
    text("state", "name of the state"),
    text("state_type", "Task, Choice, Pass, Wait, Parallel, Map, Succeed or Fail"),
    count("first_ms", "its queue, run and backoff in the first execution; empty when that did not enter it"),
    count("second_ms", "the same in the second"),
    count("difference_ms", "how much longer the second took"),
    count("first_attempts", "tries in the first"),
    count("second_attempts", "tries in the second"),
    text("first_outcome", "how the last try ended in the first"),
    text("second_outcome", "and in the second"),
    text("first_integration", "what it called in the first, where the second called something else"),
    text("second_integration", "what it called in the second, where that differs"),
)


class Divergence(NamedTuple):
    """Where two ways part for the first time: behind `after`, within `path`; None is where one ends or begins."""

    path: str
    after: str | None
    first: str | None
    second: str | None


def divergence(first: Sequence[Row], second: Sequence[Row]) -> Divergence | None:
    """Where the ways of two executions part first, outer states before those inside; None when they do not."""
    ways = [_ways(rows) for rows in (first, second)]
    for place in sorted({*ways[0], *ways[1]}, key=lambda place: (place[0].count("/"), bool(place[0]), place)):
        before = None
        for one, other in zip_longest(*(way.get(place, ()) for way in ways)):
            if one != other:
                return Divergence(place[0], before, one, other)
            before = one
    return None


def _ways(rows: Sequence[Row]) -> dict[Place, list[str]]:
    """The states entered at each place, in their order. Iterations are compared by their number."""
    ways: dict[Place, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(row["event_id"])):
        if row["attempt"] == 1:
            branch = -1 if row["branch"] is None else int(row["branch"])
            ways[row["path"] or "", row["iteration"] or "", branch].append(row["state"])
    return dict(ways)


def compared_states(first: Sequence[Row], second: Sequence[Row]) -> pd.DataFrame:
    """One row per state that either execution entered, the greatest difference in time first."""
    sides = [_by_state(rows) for rows in (first, second)]
    rows = [_compared(state, *(side.get(state, []) for side in sides)) for state in {**sides[0], **sides[1]}]
    rows.sort(key=lambda row: (-abs(row["difference_ms"]), row["state"]))
    return frame_from(rows, COLUMNS)


def _by_state(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: int(row["event_id"])):
        if row["attempt"] is not None:
            found[row["state"]].append(row)
    return found


def _compared(state: str, first: Sequence[Row], second: Sequence[Row]) -> dict[str, Any]:
    times = [_ms(rows) for rows in (first, second)]
    calls = [_called(rows) for rows in (first, second)]
    differ = bool(first and second) and calls[0] != calls[1]
    return {
        "state": state,
        "state_type": (first or second)[0]["state_type"],
        "first_ms": times[0] if first else None,
        "second_ms": times[1] if second else None,
        "difference_ms": times[1] - times[0],
        "first_attempts": len(first),
        "second_attempts": len(second),
        "first_outcome": first[-1]["outcome"] if first else None,
        "second_outcome": second[-1]["outcome"] if second else None,
        "first_integration": calls[0] if differ else None,
        "second_integration": calls[1] if differ else None,
    }


def _ms(rows: Sequence[Row]) -> int:
    return sum((row["queue_ms"] or 0) + (row["run_ms"] or 0) + (row["backoff_ms"] or 0) for row in rows)


def _called(rows: Sequence[Row]) -> str | None:
    """What the tries of a state called, each once."""
    calls = (" ".join(filter(None, (row["resource"], row["pattern"], row["target"]))) for row in rows)
    return ", ".join(dict.fromkeys(call for call in calls if call)) or None
