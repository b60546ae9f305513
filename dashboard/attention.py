"""What of a window a reader should know first, each point with the page that shows more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from dashboard.answers import STATE, Totals, money, total
from dashboard.filters import Filters
from dashboard.links import linked
from dashboard.wording import ago, as_code, change, count, counted, share
from store.passes import CoverageRow

FAILURES, RETRIES, COST, EXECUTIONS, COLLECTION = "failures", "retries", "cost", "executions", "collection"
WELL = ("complete", "sampled", "not_collected")
"""Outcomes of a pass that leave nothing to do: what is not collected, or left to a sample, was not asked for."""


class Point(NamedTuple):
    """A sentence in Markdown, the page that shows what is behind it, and that page's own parameters."""

    sentence: str
    page: str
    parameters: dict[str, str]


class Looked(NamedTuple):
    """The tables that the points are found in: those of `executions_by_day`, `failure_hotspots`, `retry_rates`."""

    days: pd.DataFrame
    hotspots: pd.DataFrame
    rates: pd.DataFrame
    coverage: list[CoverageRow]


def points(now: Totals, before: Totals | None, looked: Looked, filters: Filters, now_ms: int) -> list[Point]:
    """What needs attention, the most pressing first; points that have nothing to say are left out."""
    return [
        *_began(looked.hotspots, now_ms),
        *_growing(looked.hotspots),
        *_masked(looked.days, now),
        *_retried(looked.rates, now),
        *_spent(now, before, filters),
        *_open(now),
        *_uncovered(looked.coverage),
    ]


def _began(hotspots: pd.DataFrame, now_ms: int) -> Iterator[Point]:
    """The failure that began the most failed executions."""
    began = hotspots[hotspots["role"] == "root"]
    if len(began):
        top = began.iloc[0]
        part = share(top["failures"] / total(began, "failures"))
        yield Point(
            f"{as_code(top['state'])} of {as_code(top['machine'])} made {counted(int(top['executions']), 'execution')}"
            f" fail{_error(top)}: {part} of all that failed, last {ago(top['last_seen_at'], now_ms)}.",
            FAILURES,
            {"machine": top["machine"]},
        )


LEAST_GROWTH = 0.5
"""Failures a day by which a hotspot has to grow to be worth a sentence."""


def _growing(hotspots: pd.DataFrame) -> Iterator[Point]:
    """The failure that grows most from day to day, unless it is the one already told."""
    rows = hotspots[hotspots["trend_per_day"].fillna(0) >= LEAST_GROWTH].sort_values("trend_per_day", ascending=False)
    first = hotspots[hotspots["role"] == "root"].head(1)
    rows = rows.drop(first.index, errors="ignore")
    if len(rows):
        top = rows.iloc[0]
        yield Point(
            f"{as_code(top['state'])} of {as_code(top['machine'])} fails more from day to day{_error(top)}: by"
            f" {top['trend_per_day']:,.1f} failures a day, {count(top['failures'])} in all ({top['role']}).",
            FAILURES,
            {"machine": top["machine"]},
        )


def _error(row: pd.Series) -> str:
    return f" with {as_code(row['error'])}" if pd.notna(row["error"]) else ""


def _masked(days: pd.DataFrame, now: Totals) -> Iterator[Point]:
    """Executions that succeeded although something in them failed."""
    if now.masked:
        top = days.groupby("machine")["masked_failures"].sum().sort_values(ascending=False)
        hid = linked("succeeded although something in them failed", "masked failure")
        yield Point(
            f"{counted(now.masked, 'execution')} {hid},"
            f" {share(now.masked / now.succeeded)} of those that succeeded; {count(top.iloc[0])} of them of"
            f" {as_code(top.index[0])}. CloudWatch counts them as successes.",
            EXECUTIONS,
            {"masked": "true"},
        )


def _retried(rates: pd.DataFrame, now: Totals) -> Iterator[Point]:
    """What retries cost, and what is retried most."""
    if now.retries:
        by_state = rates.groupby(STATE)["retries"].sum().sort_values(ascending=False)
        machine, state = by_state.index[0] if len(by_state) else ("", "")
        made = linked(counted(now.retries, "retry", "retries"), "retry")
        yield Point(
            f"{made}, {share(now.retries / now.attempts)} of all attempts, cost {money(total(rates, 'retry_cost_usd'))}"
            f" at list price; most were of {as_code(state)} of {as_code(machine)}.",
            RETRIES,
            {},
        )


def _spent(now: Totals, before: Totals | None, filters: Filters) -> Iterator[Point]:
    compared = change(now.cost_usd, before.cost_usd) if before is not None else None
    against = f", {compared} against {filters.words_before}" if compared else ""
    if now.cost_usd:
        yield Point(f"All executions cost {money(now.cost_usd)} at {linked('list price', 'cost')}{against}.", COST, {})


def _open(now: Totals) -> Iterator[Point]:
    still = now.executions - now.ended
    if still:
        have = "has" if still == 1 else "have"
        yield Point(f"{counted(still, 'execution')} {have} not ended, as far as is known.", EXECUTIONS, {})


def _uncovered(coverage: Iterable[CoverageRow]) -> Iterator[Point]:
    """What the last passes could not get."""
    rows = list(coverage)
    missed = [row for row in rows if row.outcome not in WELL]
    if missed:
        words = ", ".join(sorted({row.outcome for row in missed}))
        yield Point(f"The last pass did not get {len(missed)} of {len(rows)} listings whole: {words}.", COLLECTION, {})


def by_machine(days: pd.DataFrame) -> pd.DataFrame:
    """The rows of `executions_by_day` summed by machine, those with the most failures first."""
    key = ["machine", "region", "account", "type"]
    counts = [name for name in days.columns if name not in {*key, "day_at", "failure_rate", "masked_failure_rate"}]
    sums = days.groupby(key, dropna=False)[counts].sum(min_count=1).reset_index()
    ended = sums["executions"] - sums["not_ended"]
    failed = sums["failed"] + sums["timed_out"]
    rated = sums.assign(
        failure_rate=(failed / ended.where(ended > 0)).astype("Float64"),
        masked_failure_rate=(sums["masked_failures"] / sums["succeeded"].where(sums["succeeded"] > 0)).astype(
            "Float64"
        ),
    )
    order = failed.sort_values(ascending=False, kind="stable").index
    return rated.loc[order, [name for name in days.columns if name != "day_at"]].reset_index(drop=True)
