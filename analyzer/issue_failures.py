"""Failures by issue and execution: what the questions about issues count.

An issue is a machine, a state, an error and the template of a cause. Containers fail with what failed inside them, and
Fail states with what was caught before them: they count only where they are the root themselves. An execution that
timed out as a whole, with nothing in it that failed, counts for the last state it was in.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Any

import narwhals as nw
import pandas as pd

from analyzer.cause_templates import templates
from analyzer.columns import MACHINE
from analyzer.expressions import columns, flag, is_failure, one
from analyzer.frames import collected
from analyzer.registry import Facts

GROUP = [*MACHINE, "state", "error"]
ISSUE = [*GROUP, "cause"]
ID_DIGITS = 10
REDRIVE_DAYS = 14
"""How long after its end AWS redrives an execution: developer guide, "Restarting executions with redrive"."""

MOST_EVENTS = 24_999
"""With that many events in its history an execution is not redriven any more."""

UNSUCCESSFUL = ("FAILED", "TIMED_OUT", "ABORTED")
OUTCOMES = ("ended", "caught", "retried")
"""What became of an issue in an execution: the first of them that is true of any of its failures."""


def issue_failures(facts: Facts) -> pd.DataFrame:
    """One row per issue and execution that it happened in, with its `issue` id, in no particular order.

    `attempts` failed with it, between `first_at` and `last_at`, for `tried_ms` and `tried_usd`; `outcome` is ended,
    caught or retried, and empty while not decided. Of executions it ended, `run_ms`, `run_usd`, `stopped_at`, `events`.
    """
    found = pd.concat([_of_attempts(facts), _of_timeouts(facts)], ignore_index=True)
    found = _with_templates(found).merge(_ended(facts), on="execution_id", how="left")
    has_ended = found["outcome"] == "ended"
    for name in ("run_ms", "run_usd", "stopped_at", "events"):
        found[name] = found[name].where(has_ended)
    return found


is_own = ~nw.col("state_type").is_in(["Parallel", "Map", "Fail"]) | nw.col("is_root")


def _of_attempts(facts: Facts) -> pd.DataFrame:
    """Failed attempts, counted by what they share and by execution."""
    is_root_of_end = nw.col("is_root") & nw.col("execution_status").is_in(UNSUCCESSFUL)
    rows = facts.attempts.filter(is_failure & is_own).select(
        **columns([*ISSUE, "type", "execution_id", "execution_arn", "revision", "cost_usd"]),
        started_at=nw.col("execution_started_at"),
        status=nw.col("execution_status"),
        attempt_count=one,
        at=nw.col("ended_at"),
        ms=nw.col("run_ms").fill_null(0) + nw.col("queue_ms").fill_null(0),
        ended=flag(is_root_of_end.fill_null(value=False) | _was("uncaught")),
        caught=flag(_was("caught")),
        retried=flag(_was("retried")),
    )
    counted = rows.group_by(*ISSUE, *OF_EXECUTION).agg(
        attempts=nw.col("attempt_count").sum(),
        first_at=nw.col("at").min(),
        last_at=nw.col("at").max(),
        tried_ms=nw.col("ms").sum(),
        tried_usd=nw.col("cost_usd").sum(),
        **{name: nw.col(name).max() for name in OUTCOMES},
    )
    frame = collected(counted, rounded=False)
    outcome = pd.Series(pd.NA, index=frame.index, dtype="string")
    for name in reversed(OUTCOMES):
        outcome = outcome.mask(frame[name] > 0, name)
    return frame.assign(outcome=outcome).drop(columns=list(OUTCOMES))


def _was(handled: str) -> nw.Expr:
    return nw.col("handled").fill_null("") == handled


OF_EXECUTION = ["type", "execution_id", "execution_arn", "revision", "started_at", "status"]


def _of_timeouts(facts: Facts) -> pd.DataFrame:
    """Executions that timed out as a whole, in the state where they were."""
    out = (nw.col("status") == "TIMED_OUT") & nw.col("root_state").is_null() & ~nw.col("last_state").is_null()
    rows = facts.executions.filter(out).select(
        **columns([*MACHINE, "error", *OF_EXECUTION]), state=nw.col("last_state"), at=nw.col("stopped_at")
    )
    frame = collected(rows)
    timed_out: dict[str, Any] = {"attempts": 0, "tried_ms": 0, "tried_usd": 0.0, "outcome": "ended", "cause": pd.NA}
    frame = frame.assign(first_at=frame["at"], last_at=frame["at"], **timed_out).drop(columns="at")
    return frame.astype({"cause": "string", "outcome": "string", "attempts": "Int64", "tried_ms": "Int64"})


def _with_templates(found: pd.DataFrame) -> pd.DataFrame:
    """The rows by template in the place of the cause, each with the id of its issue."""
    known = found.groupby(ISSUE, dropna=False, as_index=False).size()
    rows: list[tuple[Any, ...]] = [tuple(None if pd.isna(cell) else cell for cell in row) for row in known.to_numpy()]
    counts: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for *group, cause, size in rows:
        counts[tuple(group)].update({cause: size} if cause is not None else {})
    under = {group: templates(causes) for group, causes in counts.items()}
    named = [under[tuple(group)].get(cause) for *group, cause, _ in rows]
    ids = [issue_id(*row[:-2], template) for row, template in zip(rows, named, strict=True)]
    templated = known[ISSUE].assign(template=pd.array(named, "string"), issue=pd.Categorical(ids))
    return found.merge(templated, on=ISSUE, how="left").drop(columns="cause").rename(columns={"template": "cause"})


def issue_id(*parts: str | None) -> str:
    """The id of an issue: the same wherever and whenever it is seen."""
    text = "\0".join("" if pd.isna(part) else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:ID_DIGITS]


def _ended(facts: Facts) -> pd.DataFrame:
    """The executions that did not succeed: how long they ran, what they cost, when they stopped."""
    unsuccessful = facts.executions.filter(nw.col("status").is_in(UNSUCCESSFUL))
    return collected(
        unsuccessful.select(
            **columns(["execution_id", "stopped_at", "events"]),
            run_ms=nw.col("duration_ms"),
            run_usd=nw.col("cost_usd"),
        ),
        rounded=False,
    )
