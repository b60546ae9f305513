"""Machines, and the whole, that have spent their budget of the month, or will have before it ends."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import pandas as pd

from analyzer.analyses.cost_forecast import cost_forecast
from analyzer.registry import Facts
from analyzer.rules.finding import Finding
from analyzer.rules.thresholds import place_of
from store.settings import BudgetSettings, Settings

SPENT, EXPECTED = "budget", "budget_forecast"
WHOLE = "(all machines)"


def findings(facts: Facts, settings: Settings) -> list[Finding]:
    """A finding for each budget that is spent, else for each that the forecast says will be; after the free tier."""
    budgets = settings.budgets
    if budgets.usd_month is None and not budgets.machines:
        return []
    forecast = cost_forecast.run(facts)
    rows = [(row["machine"], place_of(row), budget_of(budgets, row["machine"]), row) for _, row in forecast.iterrows()]
    if not forecast.empty:
        whole = forecast[["so_far_cost_usd", "forecast_cost_usd"]].sum(min_count=1)
        rows.append((WHOLE, "", budgets.usd_month, whole))
    return [found for machine, place, budget, row in rows for found in _of_one(machine, place, budget, row)]


def budget_of(budgets: BudgetSettings, machine: str) -> float | None:
    """The budget of a machine: the first whose name or pattern is its own; without one it has none."""
    return next((one.usd_month for one in budgets.machines if fnmatchcase(machine, one.machine)), None)


def _of_one(machine: str, place: str, budget: float | None, row: pd.Series) -> Iterator[Finding]:
    if budget is None:
        return
    spent, expected = row["so_far_cost_usd"], row["forecast_cost_usd"]
    if pd.notna(spent) and spent > budget:
        said = f"${spent:,.2f} spent since the month began (UTC), of a budget of ${budget:,.2f}."
        yield Finding(machine, SPENT, said, float(spent), budget, "usd", place)
    elif pd.notna(expected) and expected > budget:
        said = f"${expected:,.2f} expected at the end of the month, of a budget of ${budget:,.2f}."
        yield Finding(machine, EXPECTED, said, float(expected), budget, "usd", place)
