"""What is behind the failures: one issue for each fault, new ones first; and one of them with its evidence."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import context, diagnosis, faults
from dashboard.components import drawn_figure, has_executions, note, question
from dashboard.figures.issues import executions_of_issues
from dashboard.frame import view
from dashboard.links import issue_url
from dashboard.tables import drawn_table

NAME = "issues"
SHOWN = (
    "phase state error cause machine executions ended executions_by_day lost_usd lost_ms last_seen_at mark redrivable"
).split()

look = view()
issue = st.query_params.get("issue", "")


def listed() -> None:
    """The list."""
    question("What is behind the failures?")
    if not has_executions(look):
        return
    found = diagnosis.seen_within(context.answer(look.store, NAME, diagnosis.followed(look.window)), look.window)
    st.markdown(diagnosis.issues_seen(found, look.filters))
    if found.empty:
        return
    drawn_figure(executions_of_issues(found), NAME, "Executions that each issue hit, and what became of them")
    drawn_table(
        NAME,
        found,
        analysis_named(NAME).columns,
        look.now_ms,
        SHOWN,
        link=lambda row: issue_url(row["issue"], look.filters),
    )
    note(
        f"Issues that happened in the window, each with its figures of the {diagnosis.HISTORY_DAYS} days up to its end."
    )


if issue:
    faults.draw(look, context.answer(look.store, NAME, diagnosis.followed(look.window)), issue)
else:
    listed()
