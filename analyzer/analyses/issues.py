"""Failures by issue: machine, state, error and what the cause says."""

from __future__ import annotations

from typing import NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text, time
from analyzer.daily import DAYS_SHOWN, Counts, daily, slopes, spelled
from analyzer.expressions import columns, one, totals
from analyzer.frames import frame_from
from analyzer.issue_failures import issue_failures
from analyzer.issue_marks import marked
from analyzer.phases import PHASES, Phase, phase
from analyzer.redrives import with_redrives
from analyzer.registry import Facts, analysis
from analyzer.window import MS_IN_DAY

COLUMNS = (
    *MACHINE_COLUMNS,
    text("issue", "id of the issue: the same in every window and store"),
    text("state", "state that failed, innermost where containers failed with it"),
    text("error", "error name"),
    text("cause", "its cause, with what differs from run to run masked; empty when none was given"),
    text("phase", "new, regressed, ongoing, gone, or rare: too few executions to tell"),
    text("mark", "open, muted or resolved: what `stepscope issues` was told; open again when it came back"),
    count("executions", "executions in which it happened"),
    count("attempts", "attempts that failed with it"),
    count("ended", "executions that it ended"),
    count("caught", "executions in which it was caught and ended nothing"),
    count("recovered", "executions in which every attempt that failed with it was retried and it ended nothing"),
    number("lost_usd", "list price of the executions that it ended, and of its failed attempts in others"),
    count("lost_ms", "running time of the executions that it ended, and of its failed attempts in others"),
    time("first_seen_at", "when it first happened in the window"),
    time("last_seen_at", "when it last happened"),
    number("trend_per_day", "by how many executions a day grows over the day before: the slope of executions_by_day"),
    text("executions_by_day", "executions by UTC day of start, a number for each day, the last 90 at most"),
    time("last_day_at", "the day that executions_by_day ends with: the last on which any execution started"),
    count("quiet_days", "days without it before it came back; 0 unless regressed"),
    text("first_revision", "revision of the first execution in which it happened"),
    text("first_execution_arn", "the first execution in which it happened"),
    text("last_execution_arn", "the last execution in which it happened"),
    count("since_mark", "executions in which it happened after it was marked; empty when it is not marked"),
    count("redrivable", "executions that it ended and that AWS can still redrive"),
    time("redrive_until_at", "when the first of those cannot be redriven any more: 14 days after its end"),
    text("redrive_command", "what redrives that one, with the AWS CLI; it runs the failed states again"),
)
SUMS = ["attempts", "lost_usd", "lost_ms"]
OF_OUTCOME = {"ended": "ended", "caught": "caught", "retried": "recovered"}


@analysis(counts="attempts", columns=COLUMNS)
def issues(facts: Facts) -> pd.DataFrame:
    """Which faults are behind the failures, since when, what did they cost, and are they new, back or gone?

    One row per issue, those that are open and back or new first. Phases compare the days of the window with each
    other: ask for a window that begins well before what you want to know.
    """
    failures = issue_failures(facts)
    if failures.empty:
        return frame_from([], COLUMNS)
    failures = _worst(_with_losses(failures))
    grouped = failures.groupby("issue", observed=True)
    found = grouped[[*MACHINE, "state", "error", "cause"]].first()
    found = found.join(grouped[SUMS].sum()).join(_outcomes(failures)).join(_seen(failures))
    found = found.join(_days(facts, failures, found)).reset_index()
    return _in_order(with_redrives(marked(found, failures, facts.records["issue_marks"]), failures, facts.now_ms))


def _with_losses(failures: pd.DataFrame) -> pd.DataFrame:
    """What was lost in each execution: all of it where it was ended, else the failed attempts."""
    has_ended = failures["outcome"] == "ended"
    return failures.assign(
        lost_usd=failures["run_usd"].where(has_ended, failures["tried_usd"]),
        lost_ms=failures["run_ms"].where(has_ended, failures["tried_ms"]),
    )


def _outcomes(failures: pd.DataFrame) -> pd.DataFrame:
    """Executions by what became of the issue in them."""
    pairs = failures.groupby(["issue", "outcome"], observed=True)["execution_id"].nunique()
    by_outcome = pd.concat({name: pairs.xs(name, level="outcome") for name in pairs.index.unique("outcome")}, axis=1)
    by_outcome = by_outcome.reindex(columns=list(OF_OUTCOME)).fillna(0).astype("Int64")
    executions = failures.groupby("issue", observed=True)["execution_id"].nunique()
    both: pd.DataFrame = pd.concat([by_outcome.rename(columns=OF_OUTCOME), executions.rename("executions")], axis=1)
    return both.fillna(0)


def _worst(failures: pd.DataFrame) -> pd.DataFrame:
    """The rows, and where two causes of one issue failed in an execution, what became of it in the worse case."""
    twice = failures.duplicated(["issue", "execution_id"], keep=False)
    if not twice.any():
        return failures
    ranks = failures.loc[twice, "outcome"].map(list(OF_OUTCOME).index, na_action="ignore")
    worst = ranks.groupby([failures["issue"], failures["execution_id"]], observed=True).transform("min")
    outcomes = failures["outcome"].mask(twice, worst.map(dict(enumerate(OF_OUTCOME))))
    return failures.assign(outcome=outcomes)


def _seen(failures: pd.DataFrame) -> pd.DataFrame:
    """When each issue was first and last seen, and in which executions."""
    grouped = failures.groupby("issue", observed=True)
    first = _of_time(failures, "first_at", grouped["first_at"].transform("min"))
    last = _of_time(failures, "last_at", grouped["last_at"].transform("max"))
    return pd.DataFrame(
        {
            "first_seen_at": first["first_at"],
            "last_seen_at": last["last_at"],
            "first_revision": first["revision"],
            "first_execution_arn": first["execution_arn"],
            "last_execution_arn": last["execution_arn"],
        }
    )


def _of_time(failures: pd.DataFrame, name: str, at: pd.Series) -> pd.DataFrame:
    """The row of each issue whose time this is; of several that of the execution stored first."""
    rows = failures[(failures[name] == at).fillna(value=False)]
    return rows.sort_values("execution_id").drop_duplicates("issue").set_index("issue")


class _Span(NamedTuple):
    """The days that are shown, as days since 1970, and the executions of each machine on each of them."""

    first: int
    length: int
    machines: dict[tuple[str, ...], int]
    ran: Counts


def _days(facts: Facts, failures: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """By issue, its executions by day, their slope, and the phase that follows from them."""
    span = _span(facts, failures)
    number = {issue: n for n, issue in enumerate(found.index)}
    once = failures.drop_duplicates(["issue", "execution_id"]).dropna(subset="started_at")
    at = (once["started_at"] // MS_IN_DAY - span.first).to_numpy(np.int64)
    rows = once["issue"].map(number).to_numpy(np.int64)
    seen = daily(rows, at, np.ones(len(at), np.int64), (len(number), span.length))
    of_machine = [span.machines[_key(row)] for row in found[list(MACHINE)].itertuples(index=False)]
    phases = [_phase(seen[n], span.ran[machine]) for n, machine in enumerate(of_machine)]
    return pd.DataFrame(
        {
            "phase": [one.name for one in phases],
            "quiet_days": [one.quiet_days for one in phases],
            "trend_per_day": slopes(seen),
            "executions_by_day": spelled(seen),
            "last_day_at": (span.first + span.length - 1) * MS_IN_DAY,
        },
        index=found.index,
    )


def _phase(seen: Counts, ran: Counts) -> Phase:
    return phase(seen, np.maximum(seen, ran))


def _key(row: tuple[object, ...]) -> tuple[str, ...]:
    return tuple("" if pd.isna(part) else str(part) for part in row)  # type: ignore[call-overload]


def _span(facts: Facts, failures: pd.DataFrame) -> _Span:
    started = facts.executions.filter(~nw.col("started_at").is_null())
    day = nw.col("started_at") // MS_IN_DAY
    ran = totals(started, {**columns(MACHINE), "day": day}, counts={"executions": one})
    known = pd.concat([ran["day"], failures["started_at"] // MS_IN_DAY]).dropna()
    last = int(known.max()) if len(known) else facts.now_ms // MS_IN_DAY
    first = max(int(known.min()), last - DAYS_SHOWN + 1) if len(known) else last
    machines: dict[tuple[str, ...], int] = {}
    for frame in (ran, failures):
        for row in frame[list(MACHINE)].drop_duplicates().itertuples(index=False):
            machines.setdefault(_key(row), len(machines))
    rows = np.array([machines[_key(row)] for row in ran[list(MACHINE)].itertuples(index=False)], np.int64)
    days, counts = (ran["day"] - first).to_numpy(np.int64), ran["executions"].to_numpy(np.int64)
    return _Span(first, last - first + 1, machines, daily(rows, days, counts, (len(machines), last - first + 1)))


def _in_order(found: pd.DataFrame) -> pd.DataFrame:
    """Open ones first, then by phase, then by what they ended and hit."""
    ranks = found.assign(closed=found["mark"] != "open", rank=found["phase"].map(PHASES.index))
    order = ["closed", "rank", "ended", "executions", "issue"]
    return found.loc[ranks.sort_values(order, ascending=[True, True, False, False, True]).index].reset_index(drop=True)
