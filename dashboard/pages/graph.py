"""The states of one machine as a graph: where it fails, where its time and money go, which ways are taken."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import context
from dashboard.components import has_executions, note, question
from dashboard.drawn_states import MEASURES, picture, ways_taken
from dashboard.figures.graph import dot
from dashboard.frame import view
from dashboard.links import page_url
from dashboard.one_machine import one_machine
from dashboard.tables import drawn_table

NAME = "edges"
SHOWN = "source target kind path traversals probability is_defined".split()

look = view()
question("Which ways through its states does a machine take?")
if has_executions(look):
    chosen = one_machine(look)
    by = st.segmented_control(
        "Colour by", list(MEASURES), default="failures", required=True, key="by", bind="query-params"
    )
    measure = MEASURES[by or "failures"]
    edges = context.answer(look.store, NAME, chosen.window)
    edges = edges[edges["machine"] == chosen.name]
    answer = context.answer(look.store, measure.analysis, chosen.window)
    st.markdown(ways_taken(edges, chosen.name, chosen.filters))
    if len(edges):
        drawn = picture(edges, answer, measure, lambda state: page_url("executions", chosen.filters, state=state))
        is_dark = st.context.theme.type == "dark"
        st.graphviz_chart(dot(drawn.nodes, drawn.ways, measure.colour, is_dark=is_dark), width="content")
        note(
            f"The stronger the colour, the more {measure.question}; the wider a line, the more traffic."
            " Dashed was never entered or taken; orange leads to a Catch, red is no way of the newest definition."
            " A click on a state lists the executions in which it failed."
        )
        drawn_table(NAME, edges, analysis_named(NAME).columns, look.now_ms, SHOWN)
