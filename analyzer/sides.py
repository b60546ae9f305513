"""Two groups of executions of each machine, state by state."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from analyzer.columns import MACHINE, STATE
from analyzer.expressions import flag, is_attempt, is_first_try, is_retry, one, totals
from analyzer.frames import collected
from analyzer.registry import Facts
from analyzer.window import CARRIED
from store.quantiles import quantile_column, quantiles_by

Row = dict[str, Any]
Sides = tuple[str, str]


def compared_sides(facts: Facts, is_second: nw.Expr, is_first: nw.Expr, sides: Sides) -> list[Row]:
    """A row per state of the machines that have executions on both sides; cells begin with the name of a side.

    Both expressions are over the columns that attempts carry of their execution, by the names they have there.
    """
    side = nw.when(is_first).then(nw.lit(sides[0])).otherwise(nw.when(is_second).then(nw.lit(sides[1])))
    renamed = {name: nw.col(own) for own, name in CARRIED.items()}
    runs = totals(
        facts.executions.with_columns(**renamed).with_columns(side=side).filter(~nw.col("side").is_null()),
        [*MACHINE, "side"],
        counts={"executions": one},
    ).fillna(dict.fromkeys(MACHINE, ""))
    counted = {
        (*(str(row[name]) for name in MACHINE), str(row["side"])): int(row["executions"])
        for row in runs.to_dict("records")
    }
    found = _states(facts, side)
    machines = {key[:-1] for key in counted if all((*key[:-1], name) in counted for name in sides)}
    places = sorted({key[:-1] for key in found if key[: len(MACHINE)] in machines})
    return [_row(place, found, counted, sides) for place in places]


def _states(facts: Facts, side: nw.Expr) -> dict[tuple[str, ...], Row]:
    """Visits, retries and the median run of each state, by side."""
    by = [*STATE, "side"]
    first = is_first_try.fill_null(value=False)
    tries = facts.attempts.filter(is_attempt).with_columns(
        side=side, visits=flag(first), reached=flag(first & (nw.col("visit") == 1)), retries=flag(is_retry)
    )
    known = tries.filter(~nw.col("side").is_null())
    found = collected(quantiles_by(known, by, ["run_ms"], [0.5], ["visits", "reached", "retries"]))
    rows = found.astype(object).where(found.notna(), None).to_dict("records")
    return {tuple(str(row[name] or "") for name in by): {str(k): v for k, v in row.items()} for row in rows}


def _row(
    place: tuple[str, ...], found: dict[tuple[str, ...], Row], counted: dict[tuple[str, ...], int], sides: Sides
) -> Row:
    cells: Row = dict(zip(STATE, (part or None for part in place), strict=True))
    for side in sides:
        own, executions = found.get((*place, side)), counted[(*place[: len(MACHINE)], side)]
        visits = own["visits"] if own else 0
        cells |= {
            f"{side}_reached_rate": (own["reached"] if own else 0) / executions,
            f"{side}_run_p50_ms": own[quantile_column("run_ms", 0.5)] if own else None,
            f"{side}_retries_per_visit": own["retries"] / visits if own and visits else None,
            f"executions_{side}": executions,
        }
    first, second = (cells[f"{side}_reached_rate"] for side in sides)
    return cells | {"reached_difference_rate": second - first}
