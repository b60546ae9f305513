"""The newest executions of one machine against its states."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import context
from dashboard.components import has_executions, question
from dashboard.frame import view
from dashboard.grid import grid, grid_seen
from dashboard.links import execution_url
from dashboard.one_machine import one_machine
from dashboard.tables import csv_button, drawn_grid
from dashboard.wording import counted

NAME = "execution_grid"
RUNS = {"50": 50, "200": 200, "500": 500}

look = view()
question("What became of each state in the newest executions?")
if has_executions(look):
    chosen = one_machine(look)
    most = st.segmented_control("Executions", list(RUNS), default="50", required=True, key="runs", bind="query-params")
    cells = context.answer(look.store, NAME, chosen.window)
    cells = cells[cells["machine"] == chosen.name]
    st.markdown(grid_seen(cells, chosen.name, chosen.filters))
    if len(cells):
        found = grid(cells)
        table = found.table.head(RUNS[most or "50"])
        drawn_grid(table, found.states, lambda arn: execution_url(arn, chosen.filters), look.now_ms)
        remark = f"The newest {counted(len(table), 'execution')}; an empty cell is a state that was not entered."
        csv_button(NAME, cells, analysis_named(NAME).columns, remark)
