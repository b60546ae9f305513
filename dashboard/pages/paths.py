"""Which ways executions take, and which they never take."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import context, findings
from dashboard.components import drawn_figure, has_executions, lower_bound_note, question
from dashboard.figures.time import executions_of_variants
from dashboard.frame import view
from dashboard.tables import drawn_table

PATHS, EDGES = "paths", "edges"
PATHS_SHOWN = (
    "variant machine executions executions_share failure_rate duration_p50_ms duration_p95_ms cost_per_execution_usd"
).split()
EDGES_SHOWN = ["source", "target", "path", "machine", "kind", "traversals", "probability", "is_defined"]

look = view()
question("Which ways do executions take?")
if has_executions(look):
    paths, edges = (context.answer(look.store, name, look.window) for name in (PATHS, EDGES))
    st.markdown(findings.ways(paths, edges, look.filters))
    if len(paths):
        lower_bound_note(paths, "executions_partial")
        drawn_figure(executions_of_variants(paths), PATHS, "Executions of the most frequent ways, and how they ended")
        drawn_table(PATHS, paths, analysis_named(PATHS).columns, look.now_ms, PATHS_SHOWN)
    if len(edges):
        st.subheader("How often is each step from state to state taken?", anchor=False)
        seldom = edges.sort_values("traversals", kind="stable")
        drawn_table(EDGES, seldom, analysis_named(EDGES).columns, look.now_ms, EDGES_SHOWN)
