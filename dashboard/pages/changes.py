"""What became worse or better, with which revision, or on which day without one."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import context, findings
from dashboard.components import drawn_figure, has_executions, question
from dashboard.figures.time import changed_measures
from dashboard.frame import view
from dashboard.tables import drawn_table

NAME, REVISIONS = "changes", "cost_by_revision"
REVISIONS_SHOWN = (
    "machine revision first_started_at last_started_at executions transitions_per_execution retries_per_execution"
).split()
SHOWN = (
    "machine change changed_at measure state verdict before after standard_errors executions_before executions_after"
    " definition_changes"
).split()

look = view()
question("What changed, and did it make things worse?")
if has_executions(look):
    changes = context.answer(look.store, NAME, look.window)
    st.markdown(findings.changed(changes, look.filters))
    told = changes[changes["verdict"].isin(["worse", "better"])]
    if len(told):
        drawn_figure(changed_measures(told), NAME, "Measures before and after the changes that made a difference")
    if len(changes):
        drawn_table(NAME, changes, analysis_named(NAME).columns, look.now_ms, SHOWN)
    else:
        st.info(
            "One revision of each machine ran in this window, and nothing else shifted. A longer one compares more."
        )
    st.subheader("Which revisions ran?", anchor=False)
    revisions = context.answer(look.store, REVISIONS, look.window)
    drawn_table(REVISIONS, revisions, analysis_named(REVISIONS).columns, look.now_ms, REVISIONS_SHOWN)
