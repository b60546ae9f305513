"""What machines and states cost, and how much of it in vain."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from analyzer.strata import estimated
from dashboard import answers, context
from dashboard.components import drawn_figure, has_executions, lower_bound_note, note, question
from dashboard.estimates import sampled
from dashboard.figures.money import cost_of_machines, cost_of_states
from dashboard.frame import view
from dashboard.tables import drawn_table

MACHINES, STATES, MONTHS = "cost_by_machine", "cost_by_state", "cost_by_month"
TABS = ["By machine", "By state", "By month"]
SHOWN_MACHINES = (
    "machine type executions transitions cost_usd cost_share cost_per_execution_usd retry_cost_usd"
    " failed_executions_cost_usd cost_note"
).split()
SHOWN_STATES = "state machine attempts transitions cost_usd cost_share retry_cost_usd failure_cost_usd".split()

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
    by_machine, by_state, by_month = st.tabs(TABS, key="by", on_change="rerun", bind="query-params")
    # Only the tab that is open asks for its table.
    if by_machine.open:
        with by_machine:
            drawn_figure(cost_of_machines(machines), MACHINES, "Cost of the dearest machines")
            drawn_table(MACHINES, machines, analysis_named(MACHINES).columns, look.now_ms, SHOWN_MACHINES)
    if by_state.open:
        with by_state:
            states = context.answer(look.store, STATES, window)
            drawn_figure(cost_of_states(states), STATES, "Cost of the dearest states")
            drawn_table(STATES, states, analysis_named(STATES).columns, look.now_ms, SHOWN_STATES)
    if by_month.open:
        with by_month:
            months = context.answer(look.store, MONTHS, window)
            st.markdown(answers.free_tier(months))
            drawn_table(MONTHS, months, analysis_named(MONTHS).columns, look.now_ms)
    note(answers.cost_rules(machines))
