"""Where the time goes: run and queue of every state, apart."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import answers, context
from dashboard.components import drawn_figure, has_executions, log_levels_note, lower_bound_note, question
from dashboard.figures.latency import latency_of_states
from dashboard.frame import view
from dashboard.tables import drawn_table

NAME = "state_latency"
SHOWN = (
    "state machine state_type attempts run_p50_ms run_p95_ms run_p99_ms run_max_ms"
    " queue_p50_ms queue_p95_ms queue_p99_ms"
).split()

look = view()
question("Where does the time go?")
if has_executions(look):
    slowest = context.answer(look.store, NAME, look.window)
    if len(slowest):
        st.markdown(answers.latency(slowest, look.filters))
        lower_bound_note(slowest, "attempts_partial")
        log_levels_note(look)
        drawn_figure(latency_of_states(slowest), NAME, "Quantiles of run and queue of the slowest states")
        drawn_table(NAME, slowest, analysis_named(NAME).columns, look.now_ms, SHOWN)
    else:
        st.info("No attempt ended in these executions, so no time of a state is known.")
        log_levels_note(look)
