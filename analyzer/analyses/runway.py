"""How far it is to the limits of AWS, and what is lost when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import narwhals as nw
import pandas as pd

from analyzer import limits
from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text, time
from analyzer.expressions import is_attempt, one, totals
from analyzer.frames import frame_from
from analyzer.metrics import latest, points
from analyzer.registry import Facts, analysis
from analyzer.window import MS_IN_DAY
from store.quantiles import Table

MINUTE_MS = 60_000

COLUMNS = (
    *MACHINE_COLUMNS,
    text("limit_name", "the limit; where a row has no machine, it is one of the account and Region"),
    text("level", "ok; warning from 80 % of the limit on; critical from 90 % on"),
    number("used", "the most that was used in the window, in the unit of the limit"),
    number("limit", "the limit by AWS's documents; quotas may have been raised for an account"),
    number("used_share", "of the limit"),
    time("reached_at", "when it will be reached: of an expiry its time, else the day by the trend; empty without one"),
    count(
        "executions",
        "executions behind it: looked at, open, or about to be lost; empty for what is counted by minute or call",
    ),
    text("what_then", "what happens when it is reached"),
)
ACCOUNT = ["region", "account"]
LEVELS = ["critical", "warning", "ok"]
UNDONE = ["FAILED", "TIMED_OUT", "ABORTED"]
Row = dict[str, Any]


@analysis(counts="executions", columns=COLUMNS)
def runway(facts: Facts) -> pd.DataFrame:
    """How far is it to AWS's limits, and what is lost when?

    One row per limit and machine, or account and Region, the nearest first. Expiries are told by the execution that
    expires next: of its history, when it is not yet in the store, after 90 days, and of its redrive after 14.
    """
    rows = [*_per_machine(facts), *_expiring(facts), *_per_account(facts)]
    rows.sort(key=lambda row: (LEVELS.index(row["level"]), -row["used_share"], repr(sorted(row.items()))))
    return frame_from(rows, COLUMNS)


def _row(place: Mapping[str, Any], name: str, used: float, limit: float, what_then: str, **more: Any) -> Row:
    share = used / limit
    cells = {key: place.get(key) or None for key in MACHINE}
    return {
        **cells,
        "limit_name": name,
        "level": limits.level(share),
        "used": used,
        "limit": limit,
        "used_share": share,
        "what_then": what_then,
        **more,
    }


def _per_machine(facts: Facts) -> Iterator[Row]:
    """Events of a history, and the duration of Express executions."""
    days = totals(
        facts.executions.filter(~nw.col("started_at").is_null()),
        {**{name: nw.col(name) for name in (*MACHINE, "type")}, "day": nw.col("started_at") // MS_IN_DAY},
        counts={"executions": one},
        last={"events": nw.col("events"), "duration_ms": nw.col("duration_ms")},
    ).fillna(dict.fromkeys([*MACHINE, "type"], ""))
    for _, own in days.sort_values("day").groupby([*MACHINE, "type"], sort=True):
        is_express = own["type"].iloc[0] == "EXPRESS"
        column, limit = ("duration_ms", limits.EXPRESS_MS) if is_express else ("events", limits.EVENTS_OF_HISTORY)
        known = own.dropna(subset=[column])
        if len(known):
            name = "express_duration_ms" if is_express else "history_events"
            then = "the execution times out" if is_express else "the execution fails; redrive is impossible"
            most = {"executions": int(own["executions"].sum()), "reached_at": _reached(known, column, limit)}
            place = {name: str(own[name].iloc[0]) for name in MACHINE}
            yield _row(place, name, float(known[column].max()), limit, then, **most)


def _reached(days: pd.DataFrame, column: str, limit: float) -> int | None:
    day = limits.day_reached(days["day"].tolist(), days[column].astype("float64").tolist(), limit)
    return day * MS_IN_DAY if day is not None else None


def _expiring(facts: Facts) -> Iterator[Row]:
    """Histories that are not in the store, and failures that can still be redriven, by the oldest of a machine."""
    stopped, status = nw.col("stopped_at"), nw.col("status")
    standard = facts.executions.filter(nw.col("type") == "STANDARD", ~stopped.is_null())
    without = nw.col("completeness").is_in(["missing", "sampled"])
    for name, days, rows, then in (
        ("history_expiry_days", limits.HISTORY_DAYS, standard.filter(without), "AWS deletes its history: collect it"),
        (
            "redrive_expiry_days",
            limits.REDRIVE_DAYS,
            standard.filter(status.is_in(UNDONE)),
            "it can no longer be redriven",
        ),
    ):
        since = facts.now_ms - days * MS_IN_DAY
        oldest = totals(
            rows.filter(stopped > since), MACHINE, counts={"executions": one}, first={"stopped": nw.col("stopped_at")}
        )
        for row in oldest.fillna(dict.fromkeys(MACHINE, "")).to_dict("records"):
            age = (facts.now_ms - int(row["stopped"])) / MS_IN_DAY
            more = {"executions": int(row["executions"]), "reached_at": int(row["stopped"]) + days * MS_IN_DAY}
            yield _row({str(k): v for k, v in row.items()}, name, age, days, then, **more)


def _per_account(facts: Facts) -> Iterator[Row]:
    """The busiest minutes of an account and Region, and what is open."""
    standard = facts.executions.filter(nw.col("type") == "STANDARD")
    tries = facts.attempts.filter(is_attempt, nw.col("type") == "STANDARD", ~nw.col("entered_at").is_null())
    delayed = "transitions are delayed: runs take longer and nothing fails"
    yield from _busiest(_minutes(tries, nw.col("entered_at")), "transitions_per_minute", delayed)
    started = standard.filter(~nw.col("started_at").is_null())
    yield from _busiest(_minutes(started, nw.col("started_at")), "starts_per_minute", "StartExecution is throttled")
    yield from _measured(facts)
    yield from _called(facts)
    if facts.records["metrics"].empty:
        yield from _open(standard)


def _measured(facts: Facts) -> Iterator[Row]:
    """What is open at once, as CloudWatch saw it: the most of the window of its points, against the limit it names."""
    metrics = facts.records["metrics"]
    for name, metric, limit_metric, published, then in _MEASURED:
        known = latest(metrics, limit_metric, "Maximum")
        for (region, account), own in points(metrics, metric, "Maximum").groupby(ACCOUNT, sort=True):
            limit = known.get((str(region), str(account)), published)
            days = own.groupby(own["at"] // MS_IN_DAY)["value"].max()
            day = limits.day_reached(days.index.tolist(), _floats(days), limit)
            more = {"reached_at": day * MS_IN_DAY if day is not None else None}
            yield _row({"region": region, "account": account}, name, float(own["value"].max()), limit, then, **more)


def _called(facts: Facts) -> Iterator[Row]:
    """The calls of an operation by second, in the busiest period that CloudWatch counted."""
    used = points(facts.records["metrics"], "ConsumedCapacity", "Sum")
    for (region, account, operation), own in used[used["machine"] == ""].groupby([*ACCOUNT, "subject"], sort=True):
        quota = limits.api_quota(str(operation), str(region))
        if quota is not None:
            calls = ((float(n), float(s)) for n, s in own[["value", "period_s"]].itertuples(index=False))
            used_share, seconds = max((n / (quota.refill * s + quota.bucket), s) for n, s in calls)
            limit = quota.refill + quota.bucket / seconds
            place = {"region": region, "account": account}
            yield _row(place, f"{operation}_per_second", used_share * limit, limit, "its calls are throttled")


_MEASURED = (
    (
        "open_executions",
        "OpenExecutionCount",
        "OpenExecutionLimit",
        limits.OPEN_EXECUTIONS,
        "StartExecution fails with ExecutionLimitExceeded",
    ),
    (
        "open_map_runs",
        "ApproximateOpenMapRunCount",
        "OpenMapRunLimit",
        limits.OPEN_MAP_RUNS,
        "further Distributed Maps wait where they start",
    ),
)


def _open(standard: Table) -> Iterator[Row]:
    """What is open by the store, where CloudWatch was not asked."""
    running = standard.filter(nw.col("status") == "RUNNING")
    for row in totals(running, ACCOUNT, counts={"executions": one}).fillna("").to_dict("records"):
        place, n = {str(k): v for k, v in row.items()}, int(row["executions"])
        then = "StartExecution fails with ExecutionLimitExceeded"
        yield _row(place, "open_executions", n, limits.OPEN_EXECUTIONS, then, executions=n)


def _minutes(table: Table, at: nw.Expr) -> pd.DataFrame:
    keys = {**{name: nw.col(name) for name in ACCOUNT}, "minute": at // MINUTE_MS}
    found = totals(table, keys, counts={"number": one})
    return found.fillna(dict.fromkeys(ACCOUNT, ""))


def _busiest(minutes: pd.DataFrame, name: str, then: str) -> Iterator[Row]:
    """By account and Region the busiest minute, and the day on which the busiest minutes reach the quota."""
    minutes = minutes.assign(day=minutes["minute"] * MINUTE_MS // MS_IN_DAY)
    for (region, account), own in minutes.groupby(ACCOUNT, sort=True):
        quota = _QUOTAS[name](str(region)).per_minute
        days = own.groupby("day")["number"].max()
        day = limits.day_reached(days.index.tolist(), _floats(days), quota)
        more = {"reached_at": day * MS_IN_DAY if day is not None else None}
        yield _row({"region": region, "account": account}, name, float(own["number"].max()), quota, then, **more)


def _floats(cells: pd.Series) -> Sequence[float]:
    return [float(cell) for cell in cells]


_QUOTAS = {"transitions_per_minute": limits.transition_quota, "starts_per_minute": limits.start_quota}
