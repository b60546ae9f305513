"""The tables of the page about collecting: coverage of each machine, passes, histories that are missing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from analyzer.columns import count as count_column
from analyzer.columns import text, time
from analyzer.registry import analysis_named
from dashboard import context
from dashboard.attention import WELL
from dashboard.components import drawn_figure, note
from dashboard.context import Collected, Pressing
from dashboard.figures.coverage import coverage_of_days
from dashboard.frame import View
from dashboard.held import EXPIRING, covered, expiring_table, kept_for, own_cost, soon_gone
from dashboard.tables import drawn_table
from dashboard.wording import ago, as_code, counted, instant
from store.freshness import HistoryCount
from store.heartbeat import COLLECTING, ENDED, Heartbeat
from store.machines import Machine
from store.passes import CoverageRow, PassRow
from store.schema import Column

DAYS = "coverage"
SHOWN_DAYS = "day_at machine listed collected collected_share running sampled expired denied missing not_listed".split()
LIST_OF_MACHINES = "(the list of machines)"

OUTCOMES = {
    "complete": "all of it was got",
    "partial": "some histories were not got; see missed",
    "denied": "AWS refused: the credentials may not do this",
    "throttled": "AWS said to slow down, to every try",
    "credentials": "there are no credentials, or AWS no longer accepts them",
    "cut": "an answer came and was not whole",
    "unreachable": "no answer came",
    "failed": "something else went wrong",
    "interrupted": "somebody stopped the pass",
    "not_collected": "there is nothing to collect here, or it was not asked for",
    "sampled": "the time given was not enough for all successes: a sample of them was fetched",
    "empty": "all was got, and there was nothing",
    "unknown": "no pass has tried it",
}
"""What became of a listing, in words; each is another thing to do."""

FINE = (*WELL, "empty")

COVERAGE = (
    text("machine", "name of the state machine"),
    text("outcome", "; ".join(f"{word}: {meaning}" for word, meaning in OUTCOMES.items())),
    text("why", "the reason, in a sentence"),
    time("complete_to_at", "up to when the list of executions is known to be complete"),
    count_column("executions", "executions known"),
    count_column("listed", "executions listed by the last pass"),
    count_column("saved", "histories saved by the last pass"),
    count_column("missed", "histories wanted and not got"),
    text("target", "account and Region that were asked"),
    text("source", "where from: the API, files or logs"),
)
PASSES = (
    time("started_at", "when the pass began"),
    text("kind", "collect, import or demo"),
    text("outcome", "complete, partial, failed, interrupted; empty while it runs"),
    count_column("duration_ms", "how long it took"),
    count_column("calls", "requests sent to AWS, repeated ones too"),
    text("calls_by_operation", "the requests by operation, the most frequent first"),
    count_column("throttled", "calls that AWS refused with: slow down"),
    text("sentence", "what it did"),
)
HISTORIES = (
    text("status", "status of the executions"),
    text(
        "history", "saved; else why there is none: sampled, expired, denied, unreadable, not yet fetched, still running"
    ),
    count_column("executions", "executions known"),
)


def draw(look: View, collected: Collected, pressing: Pressing) -> None:
    """The page below its title."""
    if not collected.passes:
        st.info("Nothing was collected yet. Run `stepscope collect`, or `stepscope import` for files.")
        return
    st.markdown(summary(collected, look.now_ms))
    note(collector(context.last_heartbeat(look.store), look.now_ms))
    note(meanings(collected.coverage))
    _draw_days(look)
    _draw_pressing(look, pressing)
    st.subheader("Machines", anchor=False)
    _table("listings", coverage_table(look.store.machines, collected), COVERAGE, look)
    st.subheader("Histories", anchor=False)
    _table("histories", history_table(collected.histories), HISTORIES, look)
    st.subheader("Passes", anchor=False)
    note(own_cost(pressing.charged))
    _table("passes", pass_table(collected), PASSES, look)


def collector(found: Heartbeat | None, now_ms: int) -> str:
    """Whether somebody collects right now, in a sentence; empty when no collector ever said so."""
    if found is None:
        return ""
    who = f"The collector (process {found.pid} on {as_code(found.host)})"
    if found.state == ENDED:
        return f"{who} ended {ago(found.renewed_at, now_ms)}. `stepscope schedule` prints what makes it collect again."
    if not found.is_fresh(now_ms):
        return f"**{who} was last heard of {ago(found.renewed_at, now_ms)}: it is gone.** Run `stepscope doctor`."
    if found.state == COLLECTING:
        return f"{who} is in a pass."
    return f"{who} waits; its next pass begins {ago(found.next_at, now_ms)}."


def _draw_days(look: View) -> None:
    """The days of the window: how much of each is in the store."""
    days = context.answer(look.store, DAYS, look.window)
    st.markdown(covered(days, look.filters))
    if len(days):
        drawn_figure(coverage_of_days(days), DAYS, "Executions of each day by whether their history is in the store")
        newest_first = days.sort_values("day_at", ascending=False, kind="stable")
        drawn_table(DAYS, newest_first, analysis_named(DAYS).columns, look.now_ms, SHOWN_DAYS)


def _draw_pressing(look: View, pressing: Pressing) -> None:
    """What is lost unless it is fetched soon."""
    st.subheader("What expires within 14 days?", anchor=False)
    st.markdown(soon_gone(pressing.expiring))
    note(kept_for(pressing.retentions))
    if pressing.expiring:
        drawn_table("expiring", expiring_table(pressing.expiring), EXPIRING, look.now_ms)


def is_well(row: CoverageRow) -> bool:
    """Whether a listing leaves nothing to do."""
    return row.outcome in WELL


def meanings(coverage: Iterable[CoverageRow]) -> str:
    """The words for what was not got whole, each with its meaning; empty when all is well."""
    words = sorted({row.outcome for row in coverage if not is_well(row)})
    return " · ".join(f"**{word}**: {OUTCOMES.get(word, 'another outcome')}" for word in words)


def _table(name: str, frame: pd.DataFrame, columns: tuple[Column, ...], look: View) -> None:
    if frame.empty:
        st.caption("None.")
    else:
        drawn_table(name, frame, columns, look.now_ms)


def summary(collected: Collected, now_ms: int) -> str:
    """When the last pass ended, and what of it is missing."""
    last = collected.passes[0]
    when = (
        f"ended {ago(last.finished_at, now_ms)} ({instant(last.finished_at)})" if last.finished_at else "has not ended"
    )
    bad = [row for row in collected.coverage if not is_well(row)]
    missed = sum(row.missed for row in collected.coverage)
    whole = (
        "Every listing it tried is complete" if not bad else f"{counted(len(bad), 'listing')} could not be got whole"
    )
    return (
        f"The last pass ({last.kind}) {when}: **{last.outcome or 'running'}**. {whole};"
        f" {counted(missed, 'history', 'histories')} could not be got."
    )


def coverage_table(machines: Iterable[Machine], collected: Collected) -> pd.DataFrame:
    """One row per machine and source: what its last pass got; what needs attention stands first."""
    names = {machine.id: machine.name for machine in machines}
    rows = [_row(row, names, collected) for row in collected.coverage]
    tried = {row.machine_id for row in collected.coverage}
    rows += [
        {
            "machine": name,
            "outcome": "unknown",
            "why": "no pass has tried it",
            "executions": collected.executions.get(machine_id, 0),
        }
        for machine_id, name in names.items()
        if machine_id not in tried
    ]
    return _framed(sorted(rows, key=lambda row: row["outcome"] in FINE), COVERAGE)


def _row(row: CoverageRow, names: Mapping[int, str], collected: Collected) -> dict[str, Any]:
    if row.machine_id is None:
        return {**row._asdict(), "machine": LIST_OF_MACHINES, "why": row.sentence}
    known = collected.executions.get(row.machine_id, 0)
    return {
        **row._asdict(),
        "machine": names.get(row.machine_id),
        "outcome": "empty" if row.outcome == "complete" and not known else row.outcome,
        "why": row.sentence,
        "complete_to_at": collected.complete_to.get((row.machine_id, row.source)),
        "executions": known,
    }


def pass_table(collected: Collected) -> pd.DataFrame:
    """One row per pass, the newest first."""
    rows = [
        {
            "started_at": row.started_at,
            "kind": row.kind,
            "outcome": row.outcome,
            "duration_ms": row.finished_at - row.started_at if row.finished_at is not None else None,
            "calls": sum(calls_of(row).values()) if row.calls else None,
            "calls_by_operation": " · ".join(f"{name} {calls:,}" for name, calls in calls_of(row).most_common()),
            "throttled": row.throttled,
            "sentence": row.sentence,
        }
        for row in collected.passes
    ]
    return _framed(rows, PASSES)


def calls_of(row: PassRow) -> Counter[str]:
    """The requests of a pass, by operation; none while it has not ended."""
    return Counter(json.loads(row.calls or "{}"))


def history_table(counts: Iterable[HistoryCount]) -> pd.DataFrame:
    """One row per status and state of the history."""
    return _framed([row._asdict() | {"history": _history(row)} for row in counts], HISTORIES)


def _history(row: HistoryCount) -> str:
    """What became of a history. One without a note waits for its turn, or for the execution to end."""
    if row.history is not None:
        return row.history
    return "still running" if row.status in ("RUNNING", "PENDING_REDRIVE") else "not yet fetched"


def _framed(rows: Iterable[Mapping[str, object]], columns: tuple[Column, ...]) -> pd.DataFrame:
    names = [column.name for column in columns]
    frame = pd.DataFrame([{name: row.get(name) for name in names} for row in rows], columns=names)
    types = {column.name: "string" if column.type == "string" else "Int64" for column in columns}
    return frame.astype(types)
