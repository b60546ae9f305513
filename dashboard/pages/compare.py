"""Two executions side by side, and failed executions beside successful ones."""

from __future__ import annotations

import streamlit as st

from analyzer.comparison import COLUMNS, compared_states, divergence
from analyzer.registry import analysis_named
from dashboard import context, findings
from dashboard.components import has_executions, question
from dashboard.frame import view
from dashboard.tables import drawn_table

NAME = "success_vs_failure"
SHOWN = (
    "state machine succeeded_reached_rate failed_reached_rate reached_difference_rate succeeded_run_p50_ms"
    " failed_run_p50_ms succeeded_retries_per_visit failed_retries_per_visit"
).split()

look = view()
question("What do failed executions do otherwise?")
if has_executions(look):
    found = context.answer(look.store, NAME, look.window)
    st.markdown(findings.failing_differs(found, look.filters))
    if len(found):
        drawn_table(NAME, found, analysis_named(NAME).columns, look.now_ms, SHOWN)
    st.subheader("Two executions side by side", anchor=False)
    names = [
        column.text_input(label, key=f"compare-{label}", value=st.query_params.get(label.lower(), ""))
        for column, label in zip(st.columns(2), ("First", "Second"), strict=True)
    ]
    sides = [context.execution(look.store, name.strip()) for name in names if name.strip()]
    if len(sides) == len(names) and None not in sides:
        first, second = (findings.plain_rows(side.attempts) for side in sides if side is not None)
        st.markdown(findings.parting(divergence(first, second)))
        drawn_table("compared_states", compared_states(first, second), COLUMNS, look.now_ms)
    elif len(sides) == len(names):
        st.warning("The store holds no execution of one of these ARNs. The page Executions lists those it has.")
    else:
        st.caption("Give the ARN of two executions, as their pages show them, or run `stepscope compare FIRST SECOND`.")
