"""What every machine would cost as the other type, from the executions that really ran."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import narwhals as nw
import pandas as pd

from analyzer import money, replay
from analyzer.break_even import Shape, known_break_even
from analyzer.columns import MACHINE, MACHINE_COLUMNS, TYPE_COLUMN, count, number, text
from analyzer.confidence import share_at_most
from analyzer.estimates import EXPRESS_LIMIT_MS
from analyzer.expressions import columns, flag, is_partial, one, totals
from analyzer.frames import frame_from
from analyzer.prices import PriceBook
from analyzer.ratios import ranked
from analyzer.reasons import reasons
from analyzer.registry import Facts, MachineKey, analysis
from analyzer.semantics import semantic_warnings
from analyzer.window import MS_IN_DAY
from store.schema import FLAG, Column

COLUMNS = (
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    text("other_type", "what it is compared with"),
    count("executions", "executions compared: ended, with a duration and known tries"),
    count("transitions", "their billable transitions as Standard"),
    number("standard_cost_usd", "their list price as Standard, without the account's free tier"),
    number("express_cost_usd", "their list price as Express: requests and duration, without logs"),
    number("saving_usd", "what the other type would save; negative when it costs more"),
    number("standard_cost_per_express_cost", "how many times as much Standard costs"),
    number("express_gb_seconds", "memory times duration as Express would bill it"),
    count("express_memory_mb", "memory assumed for each execution"),
    count("duration_max_ms", "the longest of them"),
    count("executions_too_long", "those that ran longer than Express allows, which is 5 minutes"),
    number("too_long_share", "of the executions compared"),
    text("blockers", "what in the newest definition Express does not have; none, or empty when no definition is known"),
    Column("can_switch", FLAG, "whether definition and durations allow the other type; empty when not known"),
    number("standard_cost_high_usd", "the cost as Standard, should AWS also bill the start of an execution"),
    number("express_cost_low_usd", "the cost as Express at 64 MB, without logs"),
    number("express_cost_high_usd", "the cost as Express with the largest payload and logs at level ALL"),
    number("saving_low_usd", "the least that the other type would save, whatever is not known"),
    number("saving_high_usd", "the most that it would save"),
    number("too_long_share_max", "the share that may run too long, with 95 % confidence; 3 by executions if none did"),
    count("break_even_duration_ms", "how long an average execution may run until Express costs more than Standard"),
    count(
        "break_even_executions", "a month, above which Express costs less despite the free tier; empty if it never does"
    ),
    text("reasons", "what the definition, the durations and the costs say: what decides it"),
    text("warnings", "what Express would do otherwise, for a person to judge; empty for Express machines"),
    text("verdict", "what to do, and the reason that decides it"),
    text("cost_note", "rules and prices behind the two costs, or why one is empty"),
    count("executions_partial", "executions whose history is not complete: as Standard they cost at least this"),
)
KEY = [*MACHINE, "type"]
SUMS = ("executions", "transitions", "executions_too_long", "executions_partial", "map_iterations", "redriven")

Row: TypeAlias = dict[Hashable, Any]


@analysis(counts="executions", columns=COLUMNS)
def standard_vs_express(facts: Facts) -> pd.DataFrame:
    """What would each machine cost as the other type, and could it be that type?

    One row per machine, the greatest saving first. Each execution that really ran is priced both ways: as Standard its
    transitions (for an Express execution its attempts), as Express its request and its duration in steps of 100 ms.
    """
    machines: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for day in _by_day(facts).fillna(dict.fromkeys(KEY, "")).to_dict("records"):
        machines[tuple(day[name] for name in KEY)].append(day)
    sizes = definition_sizes(facts)
    rows = [_row(key, days, facts, sizes) for key, days in machines.items()]
    return ranked(frame_from(rows, COLUMNS), "saving_usd", KEY)


def _by_day(facts: Facts) -> pd.DataFrame:
    duration, is_express = nw.col("duration_ms"), nw.col("type") == "EXPRESS"
    billable = nw.when(is_express).then(nw.col("attempts")).otherwise(nw.col("transitions"))
    needed = [nw.col("started_at"), nw.col("stopped_at"), duration, billable]
    return totals(
        facts.executions.filter(*(~value.is_null() for value in needed)),
        {**columns(KEY), "day": nw.col("started_at") // MS_IN_DAY},
        counts={
            "executions": one,
            "transitions": billable,
            "duration_steps": nw.when(duration > 0).then(_steps(duration)).otherwise(1),
            "executions_too_long": flag(duration > EXPRESS_LIMIT_MS),
            "log_events": nw.col("events"),
            "executions_partial": flag(is_partial),
            "map_iterations": nw.col("map_iterations"),
            "redriven": flag(nw.col("redrives") > 0),
        },
        last={"duration_max_ms": duration, "map_iterations_max": nw.col("map_iterations")},
    )


def _steps(duration: nw.Expr) -> nw.Expr:
    return (duration + (money.DURATION_STEP_MS - 1)) // money.DURATION_STEP_MS


def _row(key: tuple[str, ...], rows: Sequence[Row], facts: Facts, sizes: Mapping[MachineKey, int]) -> dict[str, Any]:
    """The comparison of one machine, from its rows of one day each."""
    name, region, account, own_type = key
    machine = MachineKey(account, region, name)
    days = [replay.Day(_date(row["day"]), *(row[name] for name in replay.Day._fields[1:])) for row in rows]
    sums = {name: sum(row[name] for row in rows) for name in SUMS}
    assumed = _assumed(sums, rows, sizes.get(machine, 0))
    ways = {name: replay.express_cost(days, region, facts.prices, way) for name, way in assumed.items()}
    compared = replay.Comparison(
        type=own_type,
        executions=sums["executions"],
        too_long=sums["executions_too_long"],
        blockers=replay.blockers(facts.definitions.get(machine)),
        standard=replay.standard_cost(days, region, facts.prices),
        standard_high=replay.standard_cost([_started(day) for day in days], region, facts.prices),
        **ways,
    )
    return {
        **dict(zip(KEY, (part or None for part in key), strict=True)),
        **sums,
        **_of_costs(compared),
        **_of_durations(compared, max(row["duration_max_ms"] for row in rows)),
        **_even(days, region, facts.prices, assumed["express"].memory_mb),
        "express_gb_seconds": _gb_seconds(days, assumed["express"].memory_mb),
        "express_memory_mb": assumed["express"].memory_mb,
        "warnings": None if own_type == "EXPRESS" else _warnings(machine, facts, sums["redriven"]),
    }


def _started(day: replay.Day) -> replay.Day:
    """The same day, should the start of an execution be billed too."""
    return day._replace(transitions=day.transitions + day.executions)


def _assumed(sums: Mapping[str, int], rows: Sequence[Row], definition_bytes: int) -> dict[str, replay.Express]:
    """What is assumed of memory and logs at best, most likely and at worst; at best nothing but the least billed."""
    usual = -(-sums["map_iterations"] // sums["executions"])
    iterations = pd.Series([row["map_iterations_max"] for row in rows], dtype="Int64")
    most = int(iterations.fillna(0).max())
    likely = replay.memory_mb(definition_bytes, replay.PAYLOAD_BYTES, usual)
    worst = replay.memory_mb(definition_bytes, replay.LARGEST_PAYLOAD_BYTES, most)
    return {
        "express_low": replay.Express(),
        "express": replay.Express(likely),
        "express_high": replay.Express(worst, replay.LOG_BYTES_PER_EVENT),
    }


def _of_costs(compared: replay.Comparison) -> dict[str, Any]:
    blockers = compared.blockers
    return {
        "other_type": compared.other_type,
        "standard_cost_usd": _float(compared.standard.usd),
        "standard_cost_high_usd": _float(compared.standard_high.usd),
        "express_cost_usd": _float(compared.express.usd),
        "express_cost_low_usd": _float(compared.express_low.usd),
        "express_cost_high_usd": _float(compared.express_high.usd),
        "saving_usd": _float(compared.saving_usd),
        "saving_low_usd": _float(compared.least_saving_usd),
        "saving_high_usd": _float(compared.most_saving_usd),
        "standard_cost_per_express_cost": _float(compared.standard_per_express),
        "blockers": None if blockers is None else " ".join(blockers) or "none",
        "can_switch": compared.can_switch,
        "verdict": compared.verdict,
        "cost_note": f"estimate. Standard: {compared.standard.note} Express: {compared.express.note}",
    }


def _of_durations(compared: replay.Comparison, longest_ms: int) -> dict[str, Any]:
    bound = share_at_most(compared.too_long, compared.executions)
    return {
        "duration_max_ms": longest_ms,
        "too_long_share": compared.too_long / compared.executions,
        "too_long_share_max": bound,
        "reasons": " ".join(reasons(compared, longest_ms, bound)),
    }


def _even(days: Sequence[replay.Day], region: str, book: PriceBook, memory_mb: int) -> dict[str, int | None]:
    executions = sum(day.executions for day in days)
    transitions, steps = (
        Fraction(sum(of), executions) for of in zip(*((d.transitions, d.duration_steps) for d in days), strict=True)
    )
    even = known_break_even(Shape(transitions, steps, memory_mb), max(day.day for day in days), region, book)
    return {
        "break_even_duration_ms": even.duration_ms if even else None,
        "break_even_executions": even.executions_per_month if even else None,
    }


def _gb_seconds(days: Sequence[replay.Day], memory_mb: int) -> float:
    return float(money.gb_seconds(sum(day.duration_steps for day in days) * (memory_mb // money.MEMORY_STEP_MB)))


def _warnings(machine: MachineKey, facts: Facts, redriven: int) -> str:
    return " ".join(semantic_warnings(machine, facts.definitions, redriven))


def definition_sizes(facts: Facts) -> dict[MachineKey, int]:
    """The bytes of each machine's newest definition."""
    known = facts.records["revisions"].dropna(subset=["definition"])
    names = zip(known["account"], known["region"], known["machine"], strict=True)
    return {MachineKey(*name): len(text.encode()) for name, text in zip(names, known["definition"], strict=True)}


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)


def _float(exact: Decimal | None) -> float | None:
    return None if exact is None else float(exact)
