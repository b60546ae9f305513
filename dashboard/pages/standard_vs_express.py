"""What each machine would cost as the other type."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import answers, context, money_answers
from dashboard.components import drawn_figure, has_executions, lower_bound_note, note, old_prices_note, question
from dashboard.figures.money import standard_and_express
from dashboard.frame import view
from dashboard.tables import drawn_table

NAME = "standard_vs_express"
SHOWN = (
    "machine type executions standard_cost_usd express_cost_usd saving_usd saving_low_usd saving_high_usd verdict"
    " too_long_share_max duration_max_ms break_even_duration_ms"
).split()

look = view()
question("Standard or Express?")
if has_executions(look):
    compared = context.answer(look.store, NAME, look.window)
    st.markdown(answers.comparison(compared))
    lower_bound_note(compared, "executions_partial")
    old_prices_note(look)
    if len(compared):
        if compared["saving_usd"].notna().any():
            drawn_figure(standard_and_express(compared), NAME, "Cost of each machine as Standard and as Express")
        drawn_table(NAME, compared, analysis_named(NAME).columns, look.now_ms, SHOWN)
        note(answers.cost_rules(compared))
        st.subheader("Why, and what has to be judged first?", anchor=False)
        rows = list(range(len(compared)))
        chosen = st.selectbox("Machine", rows, format_func=lambda row: str(compared["machine"].iloc[row]), key="why")
        st.markdown(money_answers.reasons(compared.iloc[chosen or 0]))
