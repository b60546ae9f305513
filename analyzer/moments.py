"""Times of attempts, filled in column by column: from positions of events to milliseconds.

A folded structure says at which event each attempt began and ended; each execution that has this structure says when
those events were. Both come together here, for all attempts of many executions at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from analyzer.arrays import Mask, array_from

Numbers = npt.NDArray[np.int64]

TIMES = ("entered_at", "scheduled_at", "started_at", "submitted_at", "ended_at", "exited_at")


class Spread(NamedTuple):
    """Where each row of `attempts` takes its cells from: a row of a template, an execution, that one's times."""

    row: Numbers
    execution: Numbers
    first_time: Numbers
    times: Numbers

    @classmethod
    def of(cls, lengths: Sequence[int], chosen: Sequence[int], times: Sequence[Sequence[int]]) -> Spread:
        """The spread of templates of these lengths over executions: of each, the template chosen and the times."""
        rows, template = np.array(lengths, np.int64), np.array(chosen, np.int64)
        counts, events = rows[template], np.array([len(own) for own in times], np.int64)
        execution = np.repeat(np.arange(len(template)), counts)
        within = np.arange(len(execution)) - _begins(counts)[execution]
        flat = np.fromiter(chain.from_iterable(times), np.int64, int(events.sum()))
        return cls(_begins(rows)[template][execution] + within, execution, _begins(events)[execution], flat)


def _begins(lengths: Numbers) -> Numbers:
    """Where each of consecutive parts of these lengths begins."""
    return np.cumsum(lengths) - lengths


class Moments(NamedTuple):
    """A column of times: the position of each, -1 where there is none, and its milliseconds."""

    position: Numbers
    ms: Numbers

    @classmethod
    def at(cls, position: Numbers, spread: Spread) -> Moments:
        """The moments of the events at these positions."""
        index = np.where(position >= 0, position + spread.first_time, 0)
        return cls(position, spread.times[index] if len(spread.times) else index)

    @property
    def is_known(self) -> Mask:
        """Which of them are."""
        return self.position >= 0

    def column(self) -> pa.Array:
        """The times, as they stand in the table."""
        return array_from(self.ms, self.is_known, pa.int64())

    def otherwise(self, other: Moments) -> Moments:
        """These moments, and the other's where they are not known."""
        return Moments(
            np.where(self.is_known, self.position, other.position), np.where(self.is_known, self.ms, other.ms)
        )

    def since(self, other: Moments, where: Mask | None = None) -> pa.Array:
        """Milliseconds from the other to these, where both are known and the condition holds."""
        is_known = self.is_known & other.is_known
        return array_from(self.ms - other.ms, is_known if where is None else is_known & where, pa.int64())


def time_columns(numbers: Mapping[str, Numbers], spread: Spread) -> dict[str, pa.Array]:
    """All columns of times and durations, from the positions in a template's rows; -1 is none.

    Queue, run and backoff follow the same rules as `analyzer.attempt_rows` has for one execution.
    """
    at = {name: Moments.at(numbers[name], spread) for name in TIMES}
    began = at["scheduled_at"].otherwise(at["started_at"]).otherwise(at["ended_at"])
    waited = numbers["backoff_ms"]
    before = Moments.at(np.where(waited >= 0, began.position - waited, -1), spread)
    ran_at_once = (numbers["attempt"] <= 1) & ~at["scheduled_at"].is_known
    return {name: moments.column() for name, moments in at.items()} | {
        "queue_ms": at["started_at"].otherwise(at["ended_at"]).since(at["scheduled_at"]),
        "run_ms": at["ended_at"].since(
            at["started_at"].otherwise(at["entered_at"]), at["started_at"].is_known | ran_at_once
        ),
        "backoff_ms": began.since(before),
    }
