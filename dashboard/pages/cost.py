"""What machines and states cost, and how much of it in vain."""

from __future__ import annotations

import streamlit as st

from analyzer.strata import estimated
from dashboard import answers, context, spending
from dashboard.components import has_executions, lower_bound_note, note, old_prices_note, question
from dashboard.estimates import sampled
from dashboard.frame import view

MACHINES = "cost_by_machine"

look = view()
window, before = look.window, look.window_before
question("What does it cost?")
if has_executions(look):
    machines = context.answer(look.store, MACHINES, window)
    earlier = context.answer(look.store, "executions_by_day", before) if before is not None else None
    st.markdown(answers.cost(machines, earlier, look.filters))
    lower_bound_note(machines, "executions_partial")
    note(sampled(machines, estimated("cost_usd"), "the cost"))
    note(answers.unpriced(machines))
    old_prices_note(look)
    spending.draw(look)
