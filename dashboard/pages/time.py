"""Where the time goes along the critical path, and what a faster state would save."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import context, findings
from dashboard.components import drawn_figure, has_executions, lower_bound_note, question
from dashboard.figures.time import parts_of_machines
from dashboard.frame import view
from dashboard.links import execution_url
from dashboard.tables import drawn_table

PARTS, STATES, MAPS = "time_breakdown", "critical_states", "map_concurrency"
STATES_SHOWN = (
    "state machine state_type critical_ms critical_share critical_rate saving_p50_ms saving_p95_ms slack_p50_ms"
).split()
PARTS_SHOWN = ["machine", "part", "time_share", "time_ms", "p50_ms", "p95_ms", "executions"]
MAPS_SHOWN = (
    "state machine map_iterations concurrency_max concurrency_limit saturation_share iteration_p50_ms"
    " iteration_p95_ms iteration_max_ms slowest_iteration"
).split()

look = view()
question("What decides how long executions take?")
if has_executions(look):
    parts, states, maps, changes = (
        context.answer(look.store, name, look.window) for name in (PARTS, STATES, MAPS, "changes")
    )
    st.markdown(findings.time_spent(parts, states, changes, look.filters))
    if len(parts):
        lower_bound_note(parts, "executions_partial")
        drawn_figure(parts_of_machines(parts), PARTS, "What the time of each machine's executions went to")
        drawn_table(PARTS, parts, analysis_named(PARTS).columns, look.now_ms, PARTS_SHOWN)
    if len(states):
        st.subheader("Which states decide, and what would a faster one save?", anchor=False)
        drawn_table(STATES, states, analysis_named(STATES).columns, look.now_ms, STATES_SHOWN)
    if len(maps):
        st.subheader("Do the iterations of a Map wait for each other?", anchor=False)
        st.markdown(findings.maps(maps))
        drawn_table(
            MAPS,
            maps,
            analysis_named(MAPS).columns,
            look.now_ms,
            MAPS_SHOWN,
            link=lambda row: execution_url(row["slowest_execution_arn"], look.filters),
        )
