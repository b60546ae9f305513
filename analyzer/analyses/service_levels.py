"""What is promised of each machine, and how much of what may go wrong already has."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text
from analyzer.expressions import flag, one, totals
from analyzer.frames import frame_from
from analyzer.registry import Facts, analysis
from analyzer.window import MS_IN_DAY, Window
from store.quantiles import Table
from store.settings import Objectives, SloSettings

COLUMNS = (
    *MACHINE_COLUMNS,
    text("objective", "success_rate or p95_ms"),
    number("promised", "what is promised: a share of executions, or milliseconds"),
    text("standing", "kept, at_risk (its budget is spent faster than it lasts) or missed"),
    count("executions", "executions that ended in the days looked at"),
    number("good_share", "of them, those that kept the objective"),
    number("good_share_promised", "the share that has to"),
    count("bad", "executions that did not keep it"),
    number("budget", "how many may not: the error budget"),
    number("budget_left_share", "of the budget, what is left; negative when it is overdrawn"),
    number("burn_rate", "of the last day: how many times faster than evenly the budget was spent; empty for too few"),
)
WITHIN_P95 = 0.95
FEWEST = 20
"""Executions below which a day says nothing of the pace: as with the thresholds of `stepscope check`."""


class _Promise(NamedTuple):
    """An objective: its name, what is promised, and the share of executions that has to keep it."""

    objective: str
    promised: float
    share: float


@analysis(counts="executions", columns=COLUMNS)
def service_levels(facts: Facts) -> pd.DataFrame:
    """Does each machine keep what is promised of it, and how fast is its error budget spent?

    One row per machine and objective of `[slo]` in stepscope.toml, missed ones first; without objectives no rows. It
    looks at the executions that started in the last `days` and ended, whatever else a report covers.
    """
    slo = facts.settings.slo
    if not any(_promised(found) for found in (slo, *slo.machines)):
        return frame_from([], COLUMNS)
    ended = facts.within(Window(since_ms=facts.now_ms - slo.days * MS_IN_DAY)).executions.filter(
        ~nw.col("status").is_in(["RUNNING", "PENDING_REDRIVE", "UNKNOWN"])
    )
    rows = [row for objective in ("success_rate", "p95_ms") for row in _of_objective(facts, ended, objective)]
    found = frame_from(rows, COLUMNS)
    return found.sort_values(["budget_left_share", *MACHINE, "objective"], ignore_index=True)


def _promised(objectives: Objectives) -> bool:
    return objectives.success_rate is not None or objectives.p95_ms is not None


def _of_objective(facts: Facts, ended: Table, objective: str) -> Iterator[dict[str, object]]:
    """A row for each machine of which this is promised."""
    slo = facts.settings.slo
    names = totals(ended, MACHINE, counts={"executions": one})["machine"].unique()
    promised = {str(name): _promise(slo, str(name), objective) for name in names}
    for value in sorted({value for value in promised.values() if value is not None}):
        for row in _counts(facts, ended, objective, value).to_dict("records"):
            if promised[row["machine"]] == value:
                yield _row(row, _Promise(objective, value, value if objective == "success_rate" else WITHIN_P95))


def _promise(slo: SloSettings, machine: str, objective: str) -> float | None:
    """What is promised of a machine of this name."""
    own: list[Objectives] = [found for found in slo.machines if fnmatchcase(machine, found.machine)]
    given = (getattr(found, objective) for found in (*own, slo))
    return next((value for value in given if value is not None), None)


def _counts(facts: Facts, ended: Table, objective: str, promised: float) -> pd.DataFrame:
    """By machine: executions, and those that did not keep an objective; the same of the last day."""
    is_bad = nw.col("status") != "SUCCEEDED" if objective == "success_rate" else nw.col("duration_ms") > promised
    is_new = nw.col("started_at") >= facts.now_ms - MS_IN_DAY
    counts = {"executions": one, "bad": flag(is_bad), "new": flag(is_new), "new_bad": flag(is_bad & is_new)}
    return totals(ended, MACHINE, counts=counts)


def _row(row: Mapping[Hashable, Any], promise: _Promise) -> dict[str, object]:
    executions, bad, new, new_bad = (int(row[name]) for name in ("executions", "bad", "new", "new_bad"))
    budget = executions * (1 - promise.share)
    burn = new_bad / (new * (1 - promise.share)) if new >= FEWEST else None
    return {
        **{name: row[name] for name in MACHINE},
        "objective": promise.objective,
        "promised": promise.promised,
        "standing": "missed" if bad > budget else "at_risk" if burn is not None and burn > 1 else "kept",
        "executions": executions,
        "good_share": 1 - bad / executions,
        "good_share_promised": promise.share,
        "bad": bad,
        "budget": budget,
        "budget_left_share": 1 - bad / budget,
        "burn_rate": burn,
    }
