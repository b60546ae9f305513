"""One execution: what it was, how it went over time, every attempt, and the causes of what failed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import context
from dashboard.components import drawn_figure, leave, note
from dashboard.drawn_states import picture_of_one
from dashboard.evidence import ATTEMPT_COLUMNS, Cause, Evidence
from dashboard.figures.graph import dot
from dashboard.figures.timeline import REDRIVE, drawn_part, timeline
from dashboard.frame import View
from dashboard.links import console_url, linked
from dashboard.tables import drawn_table
from dashboard.theme import RED
from dashboard.wording import (
    ago,
    as_code,
    as_sentence,
    count,
    counted,
    duration,
    execution_name,
    instant,
    is_known,
    usd,
)

SHOWN = "state attempt outcome error entered_at scheduled_at queue_ms backoff_ms run_ms resource".split()
SHOWN_IF_ANY = {"iteration": "state", "handled": "outcome", "target": "resource"}
"""Columns that most executions leave empty, and behind which they stand in the others."""
CAUSES_SHOWN = 5
BACK = ":material/arrow_back:"


def draw(look: View, arn: str) -> None:
    """The page of one execution."""
    found = context.execution(look.store, arn)
    st.button("All executions", icon=BACK, type="tertiary", on_click=leave, args=("execution",))
    if found is None:
        st.title("Which execution?", anchor=False)
        st.warning("The store has no execution of this ARN. It may not be collected yet, or was pruned.")
        st.code(arn, language=None, wrap_lines=True)
    else:
        _drawn(look, found)


def _drawn(look: View, found: Evidence) -> None:
    st.title(f"What happened in {as_code(execution_name(found.kept.arn))}?", anchor=False)
    st.markdown(story(found, look.now_ms))
    st.code(found.kept.arn, language=None, wrap_lines=True)
    console = console_url(found.kept.arn)
    if console is not None:
        note(f"[Open it in the AWS console]({console})")
    for sentence in caveats(found):
        note(sentence)
    if len(found.attempts):
        _timeline(look, found)
        _way(found)
        drawn_table("attempts", found.attempts, ATTEMPT_COLUMNS, None, shown_columns(found.attempts))
    _causes(found.causes)
    if is_known((found.row or {}).get("cost_note")):
        note(as_sentence((found.row or {})["cost_note"]))


def shown_columns(attempts: pd.DataFrame) -> list[str]:
    """The columns of the table, with those that only some executions fill."""
    names = list(SHOWN)
    for name, before in SHOWN_IF_ANY.items():
        if attempts[name].notna().any():
            names.insert(names.index(before) + 1, name)
    return names


def _timeline(look: View, found: Evidence) -> None:
    tries = found.attempts[found.attempts["state"] != REDRIVE]
    drawn = drawn_part(found.attempts)
    figure = timeline(found.attempts, known_until(found, look.store.fresh.collected_at))
    drawn_figure(figure, "timeline", "Attempts of this execution over time")
    if len(drawn) < len(tries):
        held = f"{count(len(drawn))} of {counted(len(tries), 'attempt')}"
        note(f"The picture holds the first {held}; the table and its CSV have all.")


def _way(found: Evidence) -> None:
    """The states it entered, as a graph."""
    with st.expander("The way it took through its states"):
        drawn = picture_of_one(found.attempts)
        is_dark = st.context.theme.type == "dark"
        st.graphviz_chart(dot(drawn.nodes, drawn.ways, RED, is_dark=is_dark), width="content")
        note("The stronger the red, the worse the last try of a state went.")


def known_until(found: Evidence, collected_at: int | None) -> int:
    """Up to when it is known what ran: the last time in the history, and the last pass for what was running then."""
    last = int(found.attempts[["entered_at", "started_at", "ended_at"]].max().max())
    is_running = (found.row or {}).get("completeness") == "running"
    return max(last, collected_at) if is_running and collected_at is not None else last


def story(found: Evidence, now_ms: int) -> str:
    """The execution in two sentences."""
    row = found.row or {}
    machine, status = as_code(found.machine.name), found.kept.status if found.row is None else row["status"]
    begun = f"started {ago(found.kept.started_at, now_ms)} ({instant(found.kept.started_at)})"
    took = f" and took **{duration(row['duration_ms'])}**" if is_known(row.get("duration_ms")) else ""
    counts = ""
    if is_known(row.get("attempts")):
        cost = f", {usd(row['cost_usd'])} at list price".replace("$", "\\$") if is_known(row.get("cost_usd")) else ""
        counts = (
            f" {linked(counted(row['attempts'], 'attempt'), 'attempt')},"
            f" {linked(counted(row['retries'], 'retry', 'retries'), 'retry')},"
            f" {linked(counted(row['transitions'], 'transition'), 'transition')}{cost}."
        )
    return f"**{status}**. This execution of {machine} {begun}{took}.{counts}{_why(row)}"


def _why(row: dict[str, object]) -> str:
    """Where a failure began and ended, as far as the row says."""
    error = f" with {as_code(row['error'])}" if is_known(row.get("error")) else ""
    root, terminal, last = (row.get(name) for name in ("root_state", "terminal_state", "last_state"))
    if is_known(terminal):
        began = "" if root == terminal else f"; it all began in {as_code(root)}"
        return f" It ended in {as_code(terminal)}{error}{began}."
    if is_known(root):
        return f" It succeeded although {as_code(root)} failed."
    if is_known(last):
        return f" The last state still open was {as_code(last)}{error}."
    return f" It ended{error}." if error else ""


def caveats(found: Evidence) -> list[str]:
    """What has to be known before these figures are believed."""
    row, sentences = found.row or {}, []
    if found.row is None:
        sentences.append("It was collected after the last fold: run `stepscope facts rebuild` to see its attempts.")
    if row.get("completeness") not in (None, "complete"):
        sentences.append(f"{COMPLETENESS.get(str(row['completeness']), row['completeness'])}")
    if found.unknown_events:
        sentences.append(f"{counted(found.unknown_events, 'event')} of a type that this version does not know.")
    if is_known(row.get("redrives")) and row["redrives"]:
        sentences.append(f"Redriven {counted(row['redrives'], 'time')}; idle time before a redrive is no duration.")
    return sentences


COMPLETENESS = {
    "running": "It has not ended: what is shown is what was known when it was last collected.",
    "cut": "Its history is cut: the end is missing.",
    "gap": "Events in the middle of its history are missing.",
    "masked": "The numbers of its events cannot be used: only counts are known.",
    "sampled": "Its history was left out to save calls: others of its day stand for it. See Collection.",
    "expired": "AWS no longer holds its history; what is shown comes from the list of executions.",
    "denied": "AWS denied its history; what is shown comes from the list of executions. See Collection.",
    "unreadable": "Its history could not be read; what is shown comes from the list of executions. See Collection.",
    "pruned": "Its history was taken out of the store, and its facts are lost: only the list of executions is left.",
    "missing": "It has no history in the store; what is shown comes from the list of executions. See Collection.",
    "children_unknown": "The children of its Distributed Map are not counted: transitions and cost are lower bounds.",
}


def _causes(causes: list[Cause]) -> None:
    if causes:
        st.subheader("What AWS says of the failures", anchor=False)
    for cause in causes[:CAUSES_SHOWN]:
        times = f", {counted(cause.times, 'time')}, first" if cause.times > 1 else ""
        st.markdown(f"{as_code(cause.error or 'no name')}{times} at event {cause.event_id}, {instant(cause.at_ms)}")
        if cause.cause:
            st.code(cause.cause, language=None, wrap_lines=True)
    if len(causes) > CAUSES_SHOWN:
        note(f"{count(len(causes) - CAUSES_SHOWN)} more are in the history.")
