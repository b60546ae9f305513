"""Which states fail, with which error, and what became of it."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from analyzer.strata import estimated
from dashboard import answers, context
from dashboard.components import drawn_figure, has_executions, log_levels_note, lower_bound_note, note, question
from dashboard.estimates import sampled
from dashboard.figures.states import failures_of_states
from dashboard.frame import view
from dashboard.links import failed_url, masked_url
from dashboard.tables import drawn_table

NAME, MASKED = "failure_hotspots", "masked_failures"
SHOWN = "state machine error role failures failure_rate failures_by_day last_seen_at".split()
SHOWN_MASKED = (
    "root_state machine executions masked_failure_rate executions_by_day caught tolerated_items last_started_at"
).split()

look = view()
question("Which states fail?")
if has_executions(look):
    hotspots = context.answer(look.store, NAME, look.window)
    rates = context.answer(look.store, "retry_rates", look.window)
    st.markdown(answers.failures(hotspots, rates, look.filters, look.now_ms))
    lower_bound_note(hotspots, "failures_partial")
    log_levels_note(look)
    note(sampled(hotspots, estimated("failures"), "the number of failures"))
    if len(hotspots):
        drawn_figure(failures_of_states(hotspots), NAME, "Failed attempts by state and what became of them")
        drawn_table(
            NAME,
            hotspots,
            analysis_named(NAME).columns,
            look.now_ms,
            SHOWN,
            link=lambda row: failed_url(row, look.filters),
        )
    masked = context.answer(look.store, MASKED, look.window)
    st.subheader("Which executions succeeded although something in them failed?", anchor=False)
    st.markdown(answers.masked_failures(masked, look.filters))
    if len(masked):
        drawn_table(
            MASKED,
            masked,
            analysis_named(MASKED).columns,
            look.now_ms,
            SHOWN_MASKED,
            link=lambda row: masked_url(row, look.filters),
        )
