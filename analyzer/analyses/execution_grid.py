"""The newest executions of each machine against its states."""

from __future__ import annotations

import narwhals as nw

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, text
from analyzer.expressions import flag, is_attempt, is_failure, is_retry
from analyzer.registry import Facts, analysis
from store.quantiles import Table
from store.schema import COUNT, TEXT, Column

EXECUTIONS_SHOWN = 500
"""The newest executions of each machine: as many as a grid can be looked through."""

COLUMNS = (
    Column("execution_arn", TEXT, "the execution"),
    *MACHINE_COLUMNS,
    text("status", "status of the execution"),
    Column("started_at", COUNT, "when the execution started", is_time=True),
    text("state", "name of the state"),
    text("outcome", "failed, caught, retried, running, aborted or succeeded: the first of them that any visit was"),
    count("visits", "visits of the state in this execution"),
    count("attempts", "tries of the state in this execution"),
    count("retries", "tries after the first of their visit"),
    Column("first_event_id", COUNT, "the event with which the state was first tried: its place in the order"),
)
OF_EXECUTION = [*MACHINE, "execution_arn", "execution_id"]


@analysis(counts="attempts", columns=COLUMNS, is_export=True)
def execution_grid(facts: Facts) -> Table:
    """What became of each state in the newest executions?

    One row per execution and state it entered, of the 500 newest executions of each machine, by their start.
    `failed` is a failure that nothing handled; `caught` and `retried` are failures after which the execution went on.
    """
    newest = nw.col("started_at").rank("ordinal", descending=True).over(*MACHINE)
    shown = facts.executions.with_columns(place_in_time=newest).filter(nw.col("place_in_time") <= EXECUTIONS_SHOWN)
    tried = facts.attempts.filter(is_attempt).join(shown.select("execution_id"), on="execution_id", how="semi")
    counted = tried.select(*OF_EXECUTION, "execution_status", "execution_started_at", "state", "event_id", **_flags())
    by_state = counted.group_by(*OF_EXECUTION, "execution_status", "execution_started_at", "state").agg(
        *(nw.col(name).sum() for name in _flags()), first_event_id=nw.col("event_id").min()
    )
    told = {"execution_status": "status", "execution_started_at": "started_at"}
    return by_state.with_columns(outcome=_outcome()).rename(told).sort("started_at", "execution_arn", "first_event_id")


def _flags() -> dict[str, nw.Expr]:
    """What is counted of each attempt."""
    handled, outcome = nw.col("handled").fill_null(""), nw.col("outcome").fill_null("")
    return {
        "visits": flag(nw.col("attempt") == 1),
        "attempts": flag(is_attempt),
        "retries": flag(is_retry),
        "failed": flag(is_failure & ~handled.is_in(["retried", "caught"])),
        "caught": flag(is_failure & (handled == "caught")),
        "retried": flag(is_failure & (handled == "retried")),
        "running": flag(outcome == "running"),
        "aborted": flag(outcome == "aborted"),
    }


def _outcome() -> nw.Expr:
    worst = nw.lit("succeeded")
    for outcome in ("aborted", "running", "retried", "caught", "failed"):
        worst = nw.when(nw.col(outcome) > 0).then(nw.lit(outcome)).otherwise(worst)
    return worst
