"""What is retried, after which error, and whether it helps."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from analyzer.strata import estimated
from dashboard import answers, context, diagnosis
from dashboard.components import drawn_figure, has_executions, lower_bound_note, note, question
from dashboard.estimates import sampled
from dashboard.figures.states import retries_of_states
from dashboard.frame import view
from dashboard.links import first_failed_url
from dashboard.tables import drawn_table

NAME = "retry_rates"
SHOWN = (
    "state machine error visits visits_retried retries retries_per_visit recovered_share backoff_ms retry_cost_usd"
).split()

ECONOMICS = "retry_economics"
ADVISED = (
    "state machine error verdict advice retries_by_attempt recovered_by_attempt retry_now retry_suggested saved_usd"
    " saved_ms lost_visits repeated_usd"
).split()

look = view()
question("What is retried, and does it help?")
if has_executions(look):
    rates = context.answer(look.store, NAME, look.window)
    st.markdown(answers.retries(rates, look.filters))
    lower_bound_note(rates, "attempts_partial")
    note(sampled(rates, estimated("retries"), "the number of retries"))
    if rates["retries"].sum() > 0:
        drawn_figure(retries_of_states(rates), NAME, "Visits that were retried, by state, and whether that helped")
    if len(rates):
        drawn_table(
            NAME,
            rates,
            analysis_named(NAME).columns,
            look.now_ms,
            SHOWN,
            link=lambda row: first_failed_url(row, look.filters),
        )
    economics = context.answer(look.store, ECONOMICS, look.window)
    st.subheader("Which Retry should change?", anchor=False)
    st.markdown(diagnosis.retry_advice(economics, look.filters))
    if len(economics):
        drawn_table(
            ECONOMICS,
            economics,
            analysis_named(ECONOMICS).columns,
            look.now_ms,
            ADVISED,
            link=lambda row: first_failed_url(row, look.filters),
        )
