"""The causes of failed attempts, for all executions of a structure: their positions are known, their texts differ.

A cause stands on the event that ended the try. That of a Fail state, and of what AWS ends a run for by itself
(`States.Runtime`), stands on the end of the execution.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import pyarrow as pa

from analyzer.arrays import array_of
from analyzer.attempt_rows import AttemptRow, Folded
from analyzer.causes import masked
from analyzer.folding.visits import FAILED, TIMED_OUT
from analyzer.moments import Spread

Causes = Mapping[int, str]
"""The causes of an execution by the position of their event."""


def cause_column(templates: Sequence[Folded], spread: Spread, causes: Sequence[Causes]) -> pa.Array:
    """The masked cause of each row of `attempts`; empty where nothing failed or no cause was given."""
    rows = list(chain.from_iterable(template.attempts for template in templates))
    failed = np.array([row.outcome in (FAILED, TIMED_OUT) for row in rows], bool)[spread.row]
    told = np.array([bool(own) for own in causes], bool)[spread.execution]
    column: list[str | None] = [None] * len(spread.row)
    for index in np.flatnonzero(failed & told).tolist():
        cause = cause_of(rows[spread.row[index]], causes[spread.execution[index]])
        column[index] = masked(cause) if cause is not None else None
    return array_of(column, pa.string())


def cause_of(row: AttemptRow, causes: Causes) -> str | None:
    """The cause of a failed try whose times are positions: its own, or that of the end of the run it caused."""
    if row.ended_at is None:
        return None
    at_the_end = max(causes, default=-1) if row.is_terminal else -1
    return causes.get(row.ended_at, causes.get(at_the_end) if at_the_end > row.ended_at else None)
