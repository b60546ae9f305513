"""How long the runs of parts of machines took: read of so many executions that the slowest of a hundred is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analyzer.columns import MACHINE
from analyzer.expressions import flag, is_first_try
from analyzer.frames import collected
from analyzer.machines import named
from analyzer.money import DURATION_STEP_MS
from analyzer.registry import Facts, MachineKey
from analyzer.segments import Part

EXECUTIONS_READ = 500
"""Of a machine with more of them every second, fourth, eighth or so is read, so that no fewer are than these."""

_TRIP = ["execution_id", "parent_id", "iteration"]


class Runs(NamedTuple):
    """Runs of a part that were read: how many, how often their first state was visited, how long they took.

    `steps` are the steps of 100 ms that Express would bill for all of them together.
    """

    runs: int
    entries: int
    p99_ms: float
    max_ms: int
    steps: int


class Trips:
    """Ways through a machine, or a branch, or an iteration: when each of its states was entered first and left last."""

    def __init__(self, rows: pd.DataFrame) -> None:
        trip, state = rows.groupby(_TRIP).ngroup().to_numpy(np.int64), pd.factorize(rows["state"])
        shape, at = (int(trip.max()) + 1, len(state[1])), (trip, state[0])
        self._column = {str(name): index for index, name in enumerate(state[1])}
        self._begun, self._left, self._entries = np.full(shape, _NEVER), np.full(shape, -1), np.zeros(shape, np.int64)
        np.minimum.at(self._begun, at, rows["entered_at"].to_numpy(np.int64))
        np.maximum.at(self._left, at, rows["left_at"].to_numpy(np.int64))
        np.add.at(self._entries, at, rows["entries"].to_numpy(np.int64))

    def runs_of(self, part: Part) -> Runs | None:
        """The runs of a part; None when there were none."""
        columns = [self._column[name] for name in part.own if name in self._column]
        if part.segment.entry not in self._column:
            return None
        begun, left = self._begun[:, columns].min(axis=1), self._left[:, columns].max(axis=1)
        took = (left - begun)[left >= begun]
        entries = int(self._entries[:, self._column[part.segment.entry]].sum())
        steps = int(np.maximum(-(-took // DURATION_STEP_MS), 1).sum())
        return Runs(len(took), entries, float(np.quantile(took, 0.99)), int(took.max()), steps) if len(took) else None


_NEVER = np.iinfo(np.int64).max


def trips(facts: Facts, executions: Mapping[MachineKey, int]) -> dict[MachineKey, Trips]:
    """By machine, the ways through its complete executions; of machines with many, a part is read.

    `executions` are the machines to be read and how many executions they have.
    """
    whole = facts.executions.filter(nw.col("completeness") == "complete", nw.col("type") == "STANDARD")
    read = whole.filter(_is_read(executions)).select("execution_id", *MACHINE)
    left = nw.coalesce(nw.col("exited_at"), nw.col("ended_at"))
    tries = facts.attempts.join(read, on="execution_id", how="semi")
    rows = collected(tries.select("state", *_TRIP, "entered_at", left_at=left, entries=flag(is_first_try)))
    known = rows.dropna(subset=["entered_at", "left_at"]).fillna({"parent_id": 0, "iteration": ""})
    of_machine = list(executions)
    by_machine = known.merge(_numbered(collected(read), of_machine), on="execution_id").groupby("number")
    return {of_machine[int(str(number))]: Trips(rows) for number, rows in by_machine}


def _numbered(read: pd.DataFrame, machines: Sequence[MachineKey]) -> pd.DataFrame:
    """The executions that are read, and the number of the machine of each."""
    numbers = pd.DataFrame([named(machine) for machine in machines]).assign(number=range(len(machines)))
    keys = dict.fromkeys(MACHINE, "")
    return read.fillna(keys).merge(numbers.fillna(keys), on=list(MACHINE))[["execution_id", "number"]]


def _is_read(executions: Mapping[MachineKey, int]) -> nw.Expr:
    """Whether an execution is one of those that are read: the same whatever the engine."""
    every: dict[int, list[str]] = {}
    for machine, count in executions.items():
        every.setdefault(_every(count), []).append(machine.name)
    tests = [nw.col("machine").is_in(names) & (nw.col("execution_id") % n == 0) for n, names in every.items()]
    return reduce(or_, tests)


def _every(count: int) -> int:
    """Of how many executions one is read: a power of two."""
    return 1 << max((count // EXECUTIONS_READ).bit_length() - 1, 0)
