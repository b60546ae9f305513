"""What could be saved, and the parts of machines that could be Express, with a sketch of them."""

from __future__ import annotations

import streamlit as st

from analyzer import cost_savings
from analyzer.registry import analysis_named
from dashboard import answers, context, money_answers, parts
from dashboard.components import has_executions, note, old_prices_note, question
from dashboard.frame import view
from dashboard.tables import drawn_table

SEGMENTS = "express_segments"
SHOWN = "saving machine state saving_per_month_usd effort confidence blockers".split()
SHOWN_SEGMENTS = (
    "first_state next_state machine path states runs transitions_saved duration_p99_ms express_cost_usd"
    " express_logs_usd saving_per_month_usd saving_share"
).split()

look = view()
question("What could be saved?")
if has_executions(look):
    answered = {name: context.answer(look.store, name, look.window) for name in cost_savings.SOURCES}
    found = cost_savings.savings(answered, context.days_within(look.store, look.window))
    st.markdown(money_answers.savings(found))
    old_prices_note(look)
    if len(found):
        drawn_table("savings", found, cost_savings.COLUMNS, look.now_ms, SHOWN)
        note("Savings of one machine overlap, so they do not add up. Each is an estimate at list prices.")
    segments = answered[SEGMENTS]
    st.subheader("Which parts of Standard machines would cost less as an Express child?", anchor=False)
    st.markdown(money_answers.segments(segments))
    if len(segments):
        drawn_table(SEGMENTS, segments, analysis_named(SEGMENTS).columns, look.now_ms, SHOWN_SEGMENTS)
        note(answers.cost_rules(segments))
        parts.draw_sketch(look, segments)
