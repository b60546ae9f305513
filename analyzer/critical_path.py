"""The critical path: the attempts that decided when an execution ended.

States one after another are all on it. Of scopes side by side it is the one that ended last, for the container waited
for it; of iterations, of which a Map lets only so many run at once, also the one whose end made room for that, and so
on back to the container's beginning. Whatever ended earlier had slack: made faster, it would not have ended the
execution sooner. What was cut short by a sibling's failure decided nothing, so a failure comes first.

It is looked for in the scopes of many executions at once, with no loop over executions or rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from analyzer.arrays import Mask
from analyzer.attempt_rows import AttemptRow
from analyzer.moments import Numbers, Spread
from analyzer.parts import EXTERNAL, HELD, RUN, SPLIT, WAIT, kind_of
from analyzer.scopes import Scopes, scopes_of

Row = Mapping[str, Any]

OPEN_MS = 1 << 62
"""The end of a scope that has none yet: later than any."""


class Lanes(NamedTuple):
    """Scopes of many executions: `group` is the container's attempt that they are side by side in, a row's number.

    Rows are numbered through all executions; `of_row` says in which scope each stands. A top level has the group -1.
    """

    of_row: Numbers
    group: Numbers
    begin: Numbers
    end: Numbers
    is_own: Mask
    is_iteration: Mask
    rank: Numbers

    @classmethod
    def of(cls, scopes: Scopes) -> Lanes:
        """Those of one execution."""
        ends = np.array(scopes.end, np.int64)
        return cls(
            np.array(scopes.of_row, np.int64),
            np.array(scopes.parent, np.int64),
            np.array(scopes.begin, np.int64),
            np.where(ends < 0, OPEN_MS, ends),
            np.array(scopes.is_own, np.bool_),
            np.array(scopes.is_iteration, np.bool_),
            np.array(scopes.rank, np.int64),
        )


def critical_rows(lanes: Lanes) -> Mask:
    """Which rows are on the critical path of their execution."""
    decides = _deciding(lanes)
    is_top = lanes.group < 0
    scopes = is_top.copy()
    while True:
        rows = scopes[lanes.of_row]
        deeper = is_top | (decides & rows[lanes.group])
        if (deeper == scopes).all():
            return rows
        scopes = deeper


def _deciding(lanes: Lanes) -> Mask:
    """Which scopes decided when the container around them ended."""
    found = np.zeros(len(lanes.group), np.bool_)
    before = _made_room(lanes)
    now = _last_ended(lanes)
    while len(now):
        found[now] = True
        now = before[now]
        now = now[now >= 0]
    return found


def _last_ended(lanes: Lanes) -> Numbers:
    """Of each group the scope that ended last by its own doing; of several the one that began first."""
    order = np.lexsort((lanes.rank, lanes.begin, -lanes.end, ~lanes.is_own, lanes.group))
    return order[_is_first(lanes.group[order])]


def _is_first(groups: Numbers) -> Mask:
    """Where a new group begins."""
    return np.concatenate(([True], groups[1:] != groups[:-1])) if len(groups) else np.zeros(0, np.bool_)


def _made_room(lanes: Lanes) -> Numbers:
    """For each iteration the one beside it that ended last before it began; -1 for none."""
    before = np.full(len(lanes.group), -1, np.int64)
    (after,) = np.nonzero(lanes.is_iteration)
    (done,) = np.nonzero(lanes.is_iteration & (lanes.end > lanes.begin) & (lanes.end < OPEN_MS))
    if not len(done):
        return before
    done = done[np.lexsort((-lanes.rank[done], -lanes.begin[done], lanes.end[done], lanes.group[done]))]
    first = min(lanes.begin[after].min(), lanes.end[done].min())
    span = max(lanes.begin[after].max(), lanes.end[done].max()) - first + 1
    ended = lanes.group[done] * span + lanes.end[done] - first
    found = np.searchsorted(ended, lanes.group[after] * span + lanes.begin[after] - first, "right") - 1
    is_beside = (found >= 0) & (lanes.group[done[found]] == lanes.group[after])
    before[after[is_beside]] = done[found[is_beside]]
    return before


class Parts(NamedTuple):
    """How the duration of an execution divides along its critical path, in milliseconds.

    `queue_ms` waiting for work to begin, `run_ms` working, `external_ms` waiting for a job, a callback, a worker or the
    children of a Distributed Map, `wait_ms` in Wait states, `backoff_ms` before retries, and `between_ms` between
    events, which is whatever the others leave: together they are the duration. `idle_ms`, before redrives, is no part
    of it.
    """

    queue_ms: int
    run_ms: int
    external_ms: int
    wait_ms: int
    backoff_ms: int
    between_ms: int
    idle_ms: int


def critical_attempts(attempts: Sequence[Row]) -> list[Row]:
    """The attempts of one execution that are on its critical path, by event; rows and times as in `attempts`."""
    own = sorted((row for row in attempts if row["attempt"] is not None), key=lambda row: int(row["event_id"]))
    rows = [AttemptRow._make(row.get(name) for name in AttemptRow._fields) for row in own]
    scopes = scopes_of(rows)
    if scopes is None:
        return own
    return [row for row, is_critical in zip(own, critical_rows(Lanes.of(scopes)), strict=True) if is_critical]


def parts_of(execution: Row, attempts: Sequence[Row]) -> Parts | None:
    """The parts of one execution's duration; None when that is not known."""
    if execution["duration_ms"] is None:
        return None
    path, holding = critical_attempts(attempts), {row["parent_id"] for row in attempts}
    spent: Counter[str] = Counter()
    for row in path:
        spent.update(queue_ms=row["queue_ms"] or 0, backoff_ms=row["backoff_ms"] or 0)
        spent.update(_work(row, is_leaf=row["event_id"] not in holding))
    total = int(execution["duration_ms"])
    left = {"between_ms": total - spent.total(), "idle_ms": _idle_ms(execution, total)}
    return Parts(**{name: left.get(name, spent[name]) for name in Parts._fields})


def _work(row: Row, *, is_leaf: bool) -> dict[str, int]:
    """The part or parts that the run of an attempt belongs to."""
    run_ms = row["run_ms"] or 0
    kind = kind_of(AttemptRow._make(row.get(name) for name in AttemptRow._fields), holds_states=not is_leaf)
    if kind == SPLIT and row["ended_at"] is not None:
        external = row["ended_at"] - row["submitted_at"]
        return {"external_ms": external, "run_ms": run_ms - external}
    return {_PART_OF[kind]: run_ms} if kind != HELD else {}


_PART_OF = {RUN: "run_ms", SPLIT: "run_ms", EXTERNAL: "external_ms", WAIT: "wait_ms"}


def _idle_ms(execution: Row, duration_ms: int) -> int:
    """From start to stop, less the time that it ran."""
    if execution["started_at"] is None or execution["stopped_at"] is None or not execution["redrives"]:
        return 0
    return max(int(execution["stopped_at"] - execution["started_at"]) - duration_ms, 0)


class Shapes(NamedTuple):
    """The scopes of each template, those of a template without containers left out."""

    scopes: Sequence[Scopes | None]
    lengths: Sequence[int]


def critical_flags(shapes: Shapes, chosen: Sequence[int], rows: Spread) -> Mask:
    """Which rows of a spread are on a critical path: all of them where nothing stands side by side.

    `chosen` is the template of each execution of the spread; the templates' scopes hold positions of events.
    """
    flags = np.ones(len(rows.row), np.bool_)
    has_scopes = np.array([one is not None for one in shapes.scopes], np.bool_)[np.array(chosen, np.int64)]
    if has_scopes.any():
        flags[has_scopes[rows.execution]] = critical_rows(
            _spread_lanes(shapes, chosen, np.nonzero(has_scopes)[0], rows)
        )
    return flags


def _spread_lanes(shapes: Shapes, chosen: Sequence[int], which: Numbers, rows: Spread) -> Lanes:
    """The scopes of these executions, with their times; rows are numbered through these executions only."""
    used = sorted({chosen[execution] for execution in which})
    number = {template: index for index, template in enumerate(used)}
    own = [number[chosen[execution]] for execution in which]
    known = [scopes for template in used if (scopes := shapes.scopes[template]) is not None]
    first_time = rows.first_time[np.searchsorted(rows.execution, which)]
    inner = Spread.of([len(one.parent) for one in known], own, [()] * len(own))
    outer = Spread.of([shapes.lengths[template] for template in used], own, [()] * len(own))
    scopes_before, rows_before = (_before(spread.execution, len(own)) for spread in (inner, outer))
    here = _placed([Lanes.of(one) for one in known], outer.row, inner.row)
    shift, is_over = first_time[inner.execution], here.end != OPEN_MS
    return here._replace(
        of_row=here.of_row + scopes_before[outer.execution],
        group=np.where(here.group < 0, -1, here.group + rows_before[inner.execution]),
        begin=rows.times[here.begin + shift],
        end=np.where(is_over, rows.times[np.where(is_over, here.end + shift, 0)], OPEN_MS),
    )


def _placed(lanes: Sequence[Lanes], rows: Numbers, scopes: Numbers) -> Lanes:
    """These rows and scopes of some structures' lanes, put one behind another."""
    of_row, *of_scope = (np.concatenate(cells) for cells in zip(*lanes, strict=True))
    return Lanes._make([of_row[rows], *(cells[scopes] for cells in of_scope)])


def _before(execution: Numbers, executions: int) -> Numbers:
    """How many rows the executions before each one have."""
    counts = np.bincount(execution, minlength=executions)
    return np.cumsum(counts) - counts
