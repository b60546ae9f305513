"""What Express machines used, day by day: as AWS measured and bills it, else from durations and a memory by formula."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import pandas as pd

from analyzer import money
from analyzer.analyses.standard_vs_express import definition_sizes
from analyzer.estimates import memory_of_kb
from analyzer.monthly import METRICS, Use
from analyzer.registry import Facts, MachineKey
from analyzer.window import MS_IN_DAY

Place: TypeAlias = tuple[str, str, str]
"""Account, Region and name of a machine."""

_PLACE = ["account", "region", "machine"]
_STARTED, _DURATION, _MEMORY = "ExecutionsStarted", "ExpressExecutionBilledDuration", "ExpressExecutionBilledMemory"
_STATS = ((_STARTED, "Sum"), (_DURATION, "Sum"), (_MEMORY, "Average"))
_MB_IN_GB, _MS_IN_SECOND, _BYTES_IN_KB = 1_024, 1_000, 1_000


def express_uses(rows: Sequence[Mapping[Any, Any]], facts: Facts) -> list[Use]:
    """A use for each row of days; on a day and machine that AWS's metrics cover, theirs.

    Days of a machine that only the metrics know are uses too: runs that were never logged are billed all the same.
    """
    measured = measured_uses(facts.records.get("metrics"))
    memory = _assumed_memory(rows, facts)
    estimated = {(*_place(row), _date(row["day"])): _estimated(row, memory[_place(row)]) for row in rows}
    return list({**estimated, **measured}.values())


def measured_uses(metrics: pd.DataFrame | None) -> dict[tuple[str, str, str, date], Use]:
    """Uses by account, Region, machine and day, from AWS's billed metrics; none where one of the three is missing.

    GB-seconds are summed period by period, billed milliseconds times the period's average of billed memory: the shorter
    the periods, the less it matters that a product of averages is no average of products.
    """
    if metrics is None or metrics.empty:
        return {}
    uses: dict[tuple[str, str, str, date], Use] = {}
    for row in _periods(metrics).to_dict("records"):
        key = (*_place(row), _date(row["at"] // MS_IN_DAY))
        before = uses.get(key, Use(*key[:3], "EXPRESS", key[3], 0, 0, basis=METRICS))
        used = Fraction(row[_DURATION]) / _MS_IN_SECOND * Fraction(row[_MEMORY]) / _MB_IN_GB
        uses[key] = before._replace(
            executions=before.executions + int(row[_STARTED]), gb_seconds=before.gb_seconds + used
        )
    return uses


def _periods(metrics: pd.DataFrame) -> pd.DataFrame:
    """One row per Express machine and period, a column for each metric: 0 where nothing started or nothing ended."""
    pairs = pd.MultiIndex.from_frame(metrics[["metric", "stat"]])
    wanted = metrics[pairs.isin(_STATS)]
    wide = wanted.fillna(dict.fromkeys(_PLACE, "")).pivot_table(
        index=[*_PLACE, "at"], columns="metric", values="value", aggfunc="first"
    )
    wide = wide.reindex(columns=[metric for metric, _ in _STATS])
    measured = wide.notna().groupby(level=_PLACE).transform("any").all(axis=1)
    return wide[measured].fillna(0).reset_index()


def _assumed_memory(rows: Sequence[Mapping[Any, Any]], facts: Facts) -> dict[Place, int]:
    """By machine, the memory billed for an execution that nobody measured: the published formula, in whole steps.

    The size of the definition is known, and how many items a run's Maps had on average; the payload is an assumption.
    """
    sizes = definition_sizes(facts) if rows else {}
    runs: Counter[Place] = Counter()
    items: Counter[Place] = Counter()
    for row in rows:
        runs[_place(row)] += int(row["executions"])
        items[_place(row)] += int(row["map_iterations"])
    payload_kb = facts.settings.assumptions.payload_kb
    return {
        place: formula_memory_mb(sizes.get(MachineKey(*place), 0), payload_kb, items[place], runs[place])
        for place in runs
    }


def formula_memory_mb(definition_bytes: int, payload_kb: float, items: int, runs: int) -> int:
    """Megabytes billed by the published formula, for runs whose Maps had so many items together."""
    memory = memory_of_kb(Decimal(definition_bytes) / _BYTES_IN_KB, payload_kb, max(math.ceil(items / runs), 1))
    return money.billed_memory_mb(memory)


def _estimated(row: Mapping[Any, Any], memory_mb: int) -> Use:
    chunks = int(row["duration_steps"]) * (memory_mb // money.MEMORY_STEP_MB)
    used = Fraction(Decimal(money.gb_seconds(chunks)))
    return Use(*_place(row), "EXPRESS", _date(row["day"]), int(row["executions"]), 0, used)


def _place(row: Mapping[Any, Any]) -> Place:
    return row["account"], row["region"], row["machine"]


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(day))
