"""What every machine would cost as the other type, from the executions that really ran."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

import narwhals as nw
import pandas as pd

from analyzer import money, replay
from analyzer.columns import MACHINE, MACHINE_COLUMNS, TYPE_COLUMN, count, number, text
from analyzer.estimates import EXPRESS_LIMIT_MS
from analyzer.expressions import columns, flag, is_partial, one, totals
from analyzer.frames import frame_from
from analyzer.ratios import ranked
from analyzer.registry import Facts, MachineKey, analysis
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
    text("verdict", "what to do, and the reason that decides it"),
    text("cost_note", "rules and prices behind the two costs, or why one is empty"),
    count("executions_partial", "executions whose history is not complete: as Standard they cost at least this"),
)
KEY = [*MACHINE, "type"]
SUMS = ("executions", "transitions", "executions_too_long", "executions_partial")

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
    rows = [_row(key, days, facts) for key, days in machines.items()]
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
            "executions_partial": flag(is_partial),
        },
        last={"duration_max_ms": duration},
    )


def _steps(duration: nw.Expr) -> nw.Expr:
    return (duration + (money.DURATION_STEP_MS - 1)) // money.DURATION_STEP_MS


def _row(key: tuple[str, ...], rows: Sequence[Row], facts: Facts) -> dict[str, Any]:
    """The comparison of one machine, from its rows of one day each."""
    machine, region, account, own_type = key
    days = [replay.Day(_date(row["day"]), *(row[name] for name in replay.Day._fields[1:])) for row in rows]
    sums = {name: sum(row[name] for row in rows) for name in SUMS}
    compared = replay.Comparison(
        type=own_type,
        executions=sums["executions"],
        too_long=sums["executions_too_long"],
        blockers=replay.blockers(facts.definitions.get(MachineKey(account, region, machine))),
        standard=replay.standard_cost(days, region, facts.prices),
        express=replay.express_cost(days, region, facts.prices),
    )
    return {
        **dict(zip(KEY, (part or None for part in key), strict=True)),
        **sums,
        **_of_costs(compared),
        "duration_max_ms": max(row["duration_max_ms"] for row in rows),
        "express_gb_seconds": float(money.gb_seconds(sum(day.duration_steps for day in days))),
        "express_memory_mb": replay.ASSUMED_MEMORY_MB,
        "too_long_share": compared.too_long / compared.executions,
    }


def _of_costs(compared: replay.Comparison) -> dict[str, Any]:
    blockers = compared.blockers
    return {
        "other_type": compared.other_type,
        "standard_cost_usd": _float(compared.standard.usd),
        "express_cost_usd": _float(compared.express.usd),
        "saving_usd": _float(compared.saving_usd),
        "standard_cost_per_express_cost": _float(compared.standard_per_express),
        "blockers": None if blockers is None else " ".join(blockers) or "none",
        "can_switch": compared.can_switch,
        "verdict": compared.verdict,
        "cost_note": f"estimate. Standard: {compared.standard.note} Express: {compared.express.note}",
    }


def _float(exact: Decimal | None) -> float | None:
    return None if exact is None else float(exact)


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
