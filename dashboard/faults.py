"""One issue: what it is, what it did, what can be done, and the executions that show it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from analyzer.registry import analysis_named
from dashboard import context, diagnosis
from dashboard.components import leave, note
from dashboard.frame import View
from dashboard.links import execution_url
from dashboard.tables import drawn_table
from dashboard.wording import as_code, is_known

EXECUTIONS = "issue_executions"
SHOWN = "execution_arn status outcome attempts last_failed_at tried_ms revision redrive_until_at".split()
BACK = ":material/arrow_back:"


def draw(look: View, issues: pd.DataFrame, issue: str) -> None:
    """The page of one issue of these."""
    st.button("All issues", icon=BACK, type="tertiary", on_click=leave, args=("issue",))
    found = issues[issues["issue"] == issue]
    if found.empty:
        st.title("Which issue?", anchor=False)
        st.warning("No failure of this issue is in the window. A longer one, or other filters, may show it.")
        st.code(issue, language=None)
        return
    _drawn(look, found.iloc[0])


def _drawn(look: View, issue: pd.Series) -> None:
    error = as_code(issue["error"]) if is_known(issue["error"]) else "a failure"
    st.title(f"What is behind {error} in {as_code(issue['state'])}?", anchor=False)
    st.markdown(diagnosis.issue_story(issue, look.now_ms))
    if is_known(issue["cause"]):
        st.code(issue["cause"], language=None, wrap_lines=True)
        note("The cause, with what differs from run to run masked. An execution's page has its own words.")
    redrive = diagnosis.redrive_story(issue, look.now_ms)
    if redrive:
        st.markdown(redrive)
        st.code(issue["redrive_command"], language="bash", wrap_lines=True)
    note(diagnosis.mark_story(issue))
    st.subheader("In which executions did it happen?", anchor=False)
    every = context.answer(look.store, EXECUTIONS, diagnosis.followed(look.window))
    drawn_table(
        EXECUTIONS,
        every[every["issue"] == issue["issue"]],
        analysis_named(EXECUTIONS).columns,
        look.now_ms,
        SHOWN,
        link=lambda row: execution_url(row["execution_arn"], look.filters),
    )
