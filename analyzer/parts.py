"""The parts of an execution's duration along its critical path, of many executions at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from analyzer.arrays import Mask, array_from
from analyzer.attempt_rows import AttemptRow
from analyzer.moments import Numbers, Spread

PARTS = ("queue", "run", "external", "wait", "backoff")
"""The parts that attempts account for; what they leave of a duration is between events."""

HELD, RUN, EXTERNAL, SPLIT, WAIT = range(5)
"""What the run of an attempt is a part of: nothing, where what a container holds tells of its time; running; waiting
for something outside; one until it was submitted and the other from then on; a Wait state."""


def kind_of(row: AttemptRow, *, holds_states: bool) -> int:
    """What the run of an attempt is a part of. A container without states is a Distributed Map: its children work."""
    if holds_states:
        return HELD
    if row.state_type == "Wait":
        return WAIT
    if row.state_type in ("Map", "Parallel") or row.pattern == "activity":
        return EXTERNAL
    return SPLIT if row.pattern in ("sync", "callback") and row.submitted_at is not None else RUN


def part_columns(
    kinds: Sequence[int], is_critical: Mask, timed: dict[str, pa.Array], spread: Spread, executions: int
) -> dict[str, Numbers]:
    """Milliseconds of each part, by execution. `kinds` are those of the templates' rows."""
    kind = np.array(kinds, np.int64)[spread.row]
    run, external = _ms(timed["run_ms"]), _ms(timed["ended_at"]) - _ms(timed["submitted_at"])
    outside = np.where(kind == EXTERNAL, run, np.where((kind == SPLIT) & _known(timed["ended_at"]), external, 0))
    spent = {
        "queue": _ms(timed["queue_ms"]),
        "run": np.where((kind == RUN) | (kind == SPLIT), run - outside, 0),
        "external": outside,
        "wait": np.where(kind == WAIT, run, 0),
        "backoff": _ms(timed["backoff_ms"]),
    }
    return {name: _by_execution(np.where(is_critical, ms, 0), spread, executions) for name, ms in spent.items()}


def _by_execution(ms: Numbers, spread: Spread, executions: int) -> Numbers:
    return np.bincount(spread.execution, weights=ms, minlength=executions).astype(np.int64)


def _ms(column: pa.Array) -> Numbers:
    """The milliseconds of a column, 0 where there are none."""
    cells = np.frombuffer(column.buffers()[1], np.int64, len(column)) if len(column) else np.zeros(0, np.int64)
    return np.where(_known(column), cells, 0)


def _known(column: pa.Array) -> Mask:
    valid = column.buffers()[0] if len(column) else None
    if valid is None:
        return np.ones(len(column), np.bool_)
    return np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")[: len(column)].astype(np.bool_)


def columns_of(parts: dict[str, Numbers], is_known: Sequence[bool]) -> Iterator[tuple[str, pa.Array]]:
    """The columns of `executions` that hold the parts; empty where the duration is not known."""
    for name, ms in parts.items():
        yield f"critical_{name}_ms", array_from(ms, np.array(is_known, np.bool_), pa.int64())
