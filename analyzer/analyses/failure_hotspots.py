"""Failures by state, by error, and by what became of them."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from analyzer.columns import MACHINE, STATE, STATE_COLUMNS, count, number, text, time
from analyzer.expressions import columns, flag, is_attempt, is_failure, is_partial, one, totals
from analyzer.frames import collected, frame_from
from analyzer.ratios import ranked, ratio, share
from analyzer.registry import Facts, analysis
from analyzer.strata import estimated, with_estimates
from analyzer.window import MS_IN_DAY

ESTIMATED = estimated("failures")
COLUMNS = (
    *STATE_COLUMNS,
    text("error", "error name"),
    text("role", "root, terminal, retried, caught, uncaught or undecided: the first of them that is true"),
    count("failures", "attempts that failed or timed out"),
    *ESTIMATED.columns("failures", is_count=True),
    count("timeouts", "those of them that timed out"),
    count("executions", "executions in which it happened"),
    number("failure_share", "of the failures of all states"),
    count("attempts", "attempts of the state, failed or not"),
    number("failure_rate", "failures of this row, per attempt of the state"),
    time("first_seen_at", "when the first of them ended"),
    time("last_seen_at", "when the last of them ended"),
    number("trend_per_day", "by how many failures a day grows over the day before: the slope of failures_by_day"),
    text("failures_by_day", "failures by UTC day of start, a number for each day, the last 90 at most, oldest first"),
    time("last_day_at", "the day that failures_by_day ends with: the last on which any execution started"),
    number("cost_usd", "list price of the failed attempts"),
    count("failures_partial", "failures in executions whose history is not complete"),
)
HOTSPOT = [*STATE, "error", "role"]
NAMED_STATE = [*MACHINE, "state"]

# As long as AWS keeps a history, and no more however old an imported file is.
DAYS_SHOWN = 90

SUMS = ["failures", "timeouts", "executions", "cost_usd", "failures_partial"]


@analysis(counts="attempts", columns=COLUMNS)
def failure_hotspots(facts: Facts) -> pd.DataFrame:
    """Which states fail, with which error, and did it end the run or was it retried or caught?

    One row per state, error and role, the most frequent first. `root` is the failure that began it all in an execution
    that did not succeed, `terminal` another one that ended it; `uncaught` are the rest that nothing handled, such as
    the containers that fail with their child. Days are those on which executions started, as windows are.
    """
    days = _by_day(facts)
    if days.empty:
        return frame_from([], COLUMNS)
    grouped = days.groupby(HOTSPOT, dropna=False)
    seen = [grouped["first_seen_at"].min(), grouped["last_seen_at"].max()]
    spots = pd.concat([grouped[SUMS].sum(min_count=1), *seen], axis=1).reset_index()
    spots["failure_share"] = share(spots["failures"])
    first, last = _first_and_last_day(facts, days)
    daily = _daily(days.assign(spot=grouped.ngroup()), first, last)
    spots["trend_per_day"] = _slopes(daily)
    spots["last_day_at"] = last * MS_IN_DAY
    spots["failures_by_day"] = [" ".join(map(str, row)) for row in daily]
    tried = totals(facts.attempts, STATE, counts={"attempts": flag(is_attempt)})
    by_name = tried.groupby(NAMED_STATE, dropna=False)["attempts"].sum().reset_index()
    rated = spots.merge(by_name, on=NAMED_STATE, how="left")
    rated["failure_rate"] = ratio(rated["failures"], rated["attempts"])
    failed = facts.attempts.filter(is_failure).with_columns(role=_role())
    known = with_estimates(rated, facts, HOTSPOT, ESTIMATED, failed, one)
    return ranked(known, "failures", HOTSPOT)


def _role() -> nw.Expr:
    ended_it = nw.when(nw.col("is_terminal")).then(nw.lit("terminal"))
    otherwise = nw.coalesce(ended_it, nw.col("handled"), nw.lit("undecided"))
    is_root = nw.col("is_root") & (nw.col("execution_status") != "SUCCEEDED")
    return nw.when(is_root).then(nw.lit("root")).otherwise(otherwise)


def _by_day(facts: Facts) -> pd.DataFrame:
    """Failures by hotspot and UTC day of start, which no execution has two of: so they can be added up."""
    return totals(
        facts.attempts.filter(is_failure),
        {**columns([*STATE, "error"]), "role": _role(), "day": nw.col("execution_started_at") // MS_IN_DAY},
        counts={
            "failures": one,
            "timeouts": flag(nw.col("outcome") == "timed_out"),
            "failures_partial": flag(is_partial),
        },
        amounts={"cost_usd": nw.col("cost_usd")},
        distinct={"executions": nw.col("execution_id")},
        first={"first_seen_at": nw.col("ended_at")},
        last={"last_seen_at": nw.col("ended_at")},
    )


def _first_and_last_day(facts: Facts, days: pd.DataFrame) -> tuple[int, int]:
    """The first and the last UTC day on which an execution started, failed or not; of many days the latest."""
    day = nw.col("started_at") // MS_IN_DAY
    started = collected(facts.executions.select(first=day.min(), last=day.max())).iloc[0].dropna()
    known = pd.concat([started, days["day"]]).dropna()
    if known.empty:
        return facts.now_ms // MS_IN_DAY, facts.now_ms // MS_IN_DAY
    last = int(known.max())
    return max(int(known.min()), last - DAYS_SHOWN + 1), last


def _daily(days: pd.DataFrame, first: int, last: int) -> npt.NDArray[np.int64]:
    """Failures by hotspot, down, and by day from the first to the last, across."""
    shown = (days["day"] >= first).fillna(value=False)
    dated = days.loc[shown, ["spot", "day", "failures"]].to_numpy(np.int64)
    daily = np.zeros((days["spot"].max() + 1, last - first + 1), np.int64)
    np.add.at(daily, (dated[:, 0], dated[:, 1] - first), dated[:, 2])
    return daily


def _slopes(daily: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The least-squares slope of each row, per day; not a number where there is only one day."""
    days = np.arange(daily.shape[1]) - (daily.shape[1] - 1) / 2
    if len(days) == 1:
        return np.full(len(daily), np.nan)
    slopes: npt.NDArray[np.float64] = daily @ days / (days @ days)
    return slopes
