"""What machines used on each day, from their executions: what the bills of months are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import narwhals as nw
import pandas as pd

from analyzer import money
from analyzer.costs import MACHINE_TYPE
from analyzer.express_use import express_uses
from analyzer.expressions import columns, flag, is_partial, one, only, totals
from analyzer.monthly import Use
from analyzer.registry import Facts
from analyzer.window import MS_IN_DAY


def daily_usage(facts: Facts) -> pd.DataFrame:
    """By UTC day and machine: what its executions used. A part of the name of a machine that is not known is empty."""
    is_express, duration = nw.col("type") == "EXPRESS", nw.col("duration_ms")
    steps = nw.when(duration > 0).then((duration + money.DURATION_STEP_MS - 1) // money.DURATION_STEP_MS)
    billed = nw.when(is_express).then(duration).otherwise(nw.col("transitions"))
    known = facts.executions.filter(~nw.col("started_at").is_null())
    days = totals(
        known,
        {**columns(MACHINE_TYPE), "day": nw.col("started_at") // MS_IN_DAY},
        counts={
            "executions": one,
            "transitions": only(~is_express, nw.col("transitions")),
            "duration_steps": only(is_express & ~duration.is_null(), steps.otherwise(1)),
            "map_iterations": only(is_express, nw.col("map_iterations")),
            "executions_unpriced": flag(billed.is_null()),
            "executions_partial": flag(is_partial),
        },
    )
    return days.fillna(dict.fromkeys(MACHINE_TYPE, ""))


def uses_of(days: pd.DataFrame, facts: Facts) -> list[Use]:
    """The uses behind a table of days; those of Express are replaced by AWS's own figures where there are any."""
    rows = days.to_dict("records")
    extra = facts.settings.assumptions.extra_transitions_per_execution
    standard = [_standard_use(row, extra) for row in rows if row["type"] != "EXPRESS"]
    return [*standard, *express_uses([row for row in rows if row["type"] == "EXPRESS"], facts)]


def _standard_use(row: Mapping[Any, Any], extra: int) -> Use:
    """What the bill counts for a start is a setting: AWS's documents leave it open."""
    place = (row["account"], row["region"], row["machine"], row["type"])
    executions = int(row["executions"])
    return Use(*place, date_of(row["day"]), executions, int(row["transitions"]) + extra * executions)


def date_of(day: int) -> date:
    """The date of a day counted from 1970."""
    return date(1970, 1, 1) + timedelta(days=int(day))
