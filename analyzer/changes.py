"""Changes of a machine: measures of executions before and after, each with an interval, and a verdict."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE
from analyzer.definition import Definition, parse_definition
from analyzer.definition.differences import differences
from analyzer.expressions import flag, one, only, totals
from analyzer.frames import collected
from analyzer.intervals import Interval, levels_around, mean_interval, quantile_interval, share_interval
from analyzer.registry import Facts
from analyzer.shifts import Daily, shifts
from analyzer.window import MS_IN_DAY
from store.errors import DefinitionError
from store.quantiles import Table, quantile_column, quantiles_by

Machine = tuple[str, str, str]
Row = Mapping[Hashable, Any]

FEWEST = 30
"""Executions, or tries, on each side that a verdict needs."""
LEAST_RATE, LEAST_PART = 0.01, 0.1
"""The smallest change that is one: of a rate as it is, of anything else as a part of what it was."""
SHIFT_RATE, SHIFT_PART = 0.02, math.log(1.15)
"""The same for days without a deploy; the second of the logarithm of durations."""

FAILED = ("FAILED", "TIMED_OUT")
MEANS = {
    "retries_per_execution": "retries",
    "transitions_per_execution": "transitions",
    "cost_per_execution_usd": "cost_usd",
}
QUANTILES = {"p50": 0.5, "p95": 0.95}
LEVELS = sorted({level for quantile in QUANTILES.values() for level in levels_around(quantile)})


class Change(NamedTuple):
    """One measure of one change: what it was and what it is, each with its interval."""

    machine: Machine
    change: str
    changed_at: int
    revision_before: str
    revision: str
    measure: str
    state: str
    before: Interval | None
    after: Interval | None
    executions_before: int
    executions_after: int

    @property
    def verdict(self) -> str:
        """Whether it is worse, better, the same, or not to be told."""
        if self.before is None or self.after is None or min(self.executions_before, self.executions_after) < FEWEST:
            return "too few"
        difference = self.after.value - self.before.value
        least = LEAST_RATE if self.measure == "failure_rate" else LEAST_PART * abs(self.before.value)
        if abs(difference) < least or not (self.after.low > self.before.high or self.after.high < self.before.low):
            return "same"
        return "worse" if difference > 0 else "better"

    @property
    def standard_errors(self) -> float:
        """The difference in standard errors, by the widths of both intervals; 0 where there is none."""
        if self.before is None or self.after is None:
            return 0.0
        error = math.hypot(*((side.high - side.low) / 6 for side in (self.before, self.after)))
        return min(abs(self.after.value - self.before.value) / error, _SUREST) if error else 0.0


_SUREST = 1_000.0


def _revision() -> nw.Expr:
    """The name of the revision, inferred or not."""
    return nw.col("revision").str.replace_all("?", "", literal=True)


def by_revision(facts: Facts) -> Iterator[Change]:
    """Every measure of every revision that followed another, machines and states."""
    ended = facts.executions.filter(~nw.col("duration_ms").is_null(), ~nw.col("revision").is_null())
    told = {name: nw.col(column).cast(nw.Float64) for name, column in MEANS.items()}
    runs = totals(
        ended,
        {**{name: nw.col(name) for name in MACHINE}, "revision": _revision()},
        counts={
            "executions": one,
            "failed": flag(nw.col("status").is_in(FAILED)),
            **{f"{name} known": flag(~value.is_null()) for name, value in told.items()},
            **told,
            **{f"{name} squares": value * value for name, value in told.items()},
        },
        first={"began": nw.col("started_at")},
    ).fillna(dict.fromkeys(MACHINE, ""))
    pairs = list(_pairs(runs))
    if not pairs:
        return
    for before, after in pairs:
        yield from _of_executions(before, after)
    changed = sorted({str(before["machine"]) for before, _ in pairs})
    of_runs, of_tries = _quantiles(facts, changed)
    for before, after in pairs:
        yield from _of_times(before, after, of_runs, "duration")
        yield from _of_times(before, after, of_tries, "run")


def _pairs(runs: pd.DataFrame) -> Iterator[tuple[Row, Row]]:
    """Each revision of a machine with the one that ran before it, by the start of their first executions."""
    for _, own in runs.sort_values([*MACHINE, "began", "revision"]).groupby(list(MACHINE), sort=True):
        rows = own.to_dict("records")
        yield from pairwise(rows)


def _change(
    before: Row,
    after: Row,
    measure: str,
    state: str,
    sides: tuple[Interval | None, Interval | None],
    counts: tuple[int, int],
) -> Change:
    machine = (str(after["machine"]), str(after["region"]), str(after["account"]))
    revisions = (str(before["revision"]), str(after["revision"]))
    return Change(machine, "deploy", int(after["began"]), *revisions, measure, state, *sides, *counts)


def _of_executions(before: Row, after: Row) -> Iterator[Change]:
    counts = (int(before["executions"]), int(after["executions"]))
    rates = (share_interval(int(side["failed"]), int(side["executions"])) for side in (before, after))
    yield _change(before, after, "failure_rate", "", (next(rates), next(rates)), counts)
    for name in MEANS:
        sides = [
            mean_interval(side[name], side[f"{name} squares"], int(side[f"{name} known"])) for side in (before, after)
        ]
        if None not in sides:
            yield _change(before, after, name, "", (sides[0], sides[1]), counts)


def _quantiles(facts: Facts, machines: list[str]) -> tuple[dict[tuple[str, ...], Row], dict[tuple[str, ...], Row]]:
    """Quantiles of the durations of executions and of the runs of Tasks, by machine, revision and state."""
    of_machines = nw.col("machine").is_in(machines)
    runs = facts.executions.filter(of_machines, ~nw.col("revision").is_null(), ~nw.col("duration_ms").is_null())
    tries = facts.attempts.filter(
        of_machines, nw.col("state_type") == "Task", ~nw.col("run_ms").is_null(), ~nw.col("revision").is_null()
    )
    return _levels(runs.with_columns(state=nw.lit("")), "duration_ms"), _levels(tries, "run_ms")


def _levels(table: Table, column: str) -> dict[tuple[str, ...], Row]:
    by = [*MACHINE, "revision", "state"]
    counted = table.with_columns(revision=_revision(), counted=one)
    found = collected(quantiles_by(counted, by, [column], LEVELS, ["counted"])).fillna(dict.fromkeys(by, ""))
    levels = {quantile_column(column, level): str(level) for level in LEVELS}
    rows = found.rename(columns=levels).to_dict("records")
    return {tuple(str(row[name]) for name in by): row for row in rows}


def _of_times(before: Row, after: Row, known: Mapping[tuple[str, ...], Row], what: str) -> Iterator[Change]:
    own = tuple(str(after[name]) for name in MACHINE)
    states = {key[-1] for key in known if key[:-1] == (*own, str(after["revision"]))}
    for state in sorted(states):
        sides = [known.get((*own, str(side["revision"]), state)) for side in (before, after)]
        if sides[0] is None or sides[1] is None:
            continue
        counts = (int(sides[0]["counted"]), int(sides[1]["counted"]))
        for name, quantile in QUANTILES.items():
            first, second = (
                quantile_interval(quantile, {level: float(side[str(level)]) for level in LEVELS}, n)
                for side, n in zip((sides[0], sides[1]), counts, strict=True)
            )
            yield _change(before, after, f"{what}_{name}_ms", state, (first, second), counts)


def unexplained(facts: Facts) -> Iterator[Change]:
    """Days on which failures or durations of a machine became others while one revision ran."""
    found = _by_day(facts)
    for key, own in found.groupby([*MACHINE, "revision"], sort=True):
        machine, revision = (str(key[0]), str(key[1]), str(key[2])), str(key[3])
        for measure, columns, least in _DAILY:
            days = own[["day", *columns]].astype("float64")
            series = sorted(Daily(int(day), *cells) for day, *cells in days.itertuples(index=False) if cells[0])
            cuts = [shift.day for shift in shifts(series, least)]
            for begin, cut, end in zip([0, *cuts], cuts, [*cuts[1:], _NEVER], strict=False):
                around = [day for day in series if begin <= day.day < end]
                yield _shifted(facts, (machine, revision, measure), cut, around)


_NEVER = 1 << 40


_DAILY = (
    ("failure_rate", ["executions", "failed", "failed"], SHIFT_RATE),
    ("duration_typical_ms", ["succeeded", "logarithms", "squares"], SHIFT_PART),
)


def _by_day(facts: Facts) -> pd.DataFrame:
    duration = nw.col("duration_ms")
    succeeded = (nw.col("status") == "SUCCEEDED") & (duration > 0)
    logarithm = nw.when(succeeded).then(duration.cast(nw.Float64)).otherwise(1.0).log()
    return totals(
        facts.executions.filter(~duration.is_null(), ~nw.col("started_at").is_null()),
        {**{name: nw.col(name) for name in MACHINE}, "revision": _revision(), "day": nw.col("started_at") // MS_IN_DAY},
        counts={
            "executions": one,
            "failed": flag(nw.col("status").is_in(FAILED)),
            "succeeded": flag(succeeded),
            "logarithms": logarithm,
            "squares": logarithm * logarithm,
        },
    ).fillna(dict.fromkeys([*MACHINE, "revision"], ""))


def _shifted(facts: Facts, what: tuple[Machine, str, str], cut: int, around: list[Daily]) -> Change:
    """A shift on the day `cut`, from the days around it up to the shifts before and after."""
    machine, revision, measure = what
    parts = [[day for day in around if (day.day >= cut) is is_after] for is_after in (False, True)]
    before, after = (_mean(part, is_logarithm=measure != "failure_rate") for part in parts)
    counts = [int(sum(day.counted for day in part)) for part in parts]
    span = [around[0].day * MS_IN_DAY, cut * MS_IN_DAY, (around[-1].day + 1) * MS_IN_DAY]
    state = _state_behind(facts, machine, revision, measure, span)
    return Change(machine, "shift", span[1], revision, revision, measure, state, before, after, counts[0], counts[1])


def _mean(days: list[Daily], *, is_logarithm: bool) -> Interval | None:
    counted, total, squares = (sum(cells) for cells in zip(*(day[1:] for day in days), strict=True))
    found = mean_interval(total, squares, int(counted))
    return Interval(*map(math.exp, found)) if found is not None and is_logarithm else found


def _state_behind(facts: Facts, machine: Machine, revision: str, measure: str, span: list[int]) -> str:
    """The state whose root failures, or whose time on the critical path, grew or shrank most by execution."""
    own = [
        nw.col(name) == part if part else nw.col(name).is_null() for name, part in zip(MACHINE, machine, strict=True)
    ]
    ran = _revision() == revision if revision else nw.col("revision").is_null()
    started = nw.col("execution_started_at")
    rows = facts.attempts.filter(*own, ran, started >= span[0], started < span[2])
    root = nw.col("is_root").fill_null(value=False)
    spent = only(nw.col("is_critical") & ~nw.col("holds_states"), nw.col("run_ms")).fill_null(0)
    value = flag(root) if measure == "failure_rate" else spent
    is_after = flag(started >= span[1])
    found = totals(rows, {"state": nw.col("state"), "after": is_after}, counts={"value": value})
    runs = totals(rows, {"after": is_after}, counts={"rows": one}, distinct={"runs": nw.col("execution_id")})
    each = dict(zip(runs["after"], runs["runs"], strict=True))
    found["mean"] = found["value"].astype("float64") / found["after"].map(each).astype("float64")
    both = found.pivot_table(index="state", columns="after", values="mean", fill_value=0.0)
    if not {0, 1} <= set(both.columns):
        return ""
    grown = (both[1] - both[0]).abs().sort_values(ascending=False, kind="stable")
    return str(grown.index[0]) if len(grown) and grown.iloc[0] > 0 else ""


def definition_changes(facts: Facts) -> dict[tuple[str, ...], list[str]]:
    """What changed between revisions, by machine and both names; none where a definition is not known."""
    known = facts.records["revisions"]
    definitions: dict[Machine, list[tuple[str, Definition]]] = {}
    for row in known.fillna(dict.fromkeys([*MACHINE, "definition"], "")).to_dict("records"):
        parsed = _parsed(str(row["definition"]))
        if parsed is not None:
            machine = (str(row["machine"]), str(row["region"]), str(row["account"]))
            definitions.setdefault(machine, []).append((str(row["revision"]), parsed))
    return {
        (*machine, before, after): differences(old, new)
        for machine, named in definitions.items()
        for before, old in named
        for after, new in named
        if before != after
    }


def _parsed(text: str) -> Definition | None:
    try:
        return parse_definition(text) if text else None
    except DefinitionError:
        # Why it cannot be read stands in the store beside the revision.
        return None
