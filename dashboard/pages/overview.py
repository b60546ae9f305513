"""What needs attention: how executions ended, and what stands out."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import answers, attention, context
from dashboard.components import (
    drawn_figure,
    drawn_points,
    drawn_totals,
    has_executions,
    lower_bound_note,
    note,
    question,
)
from dashboard.figures.days import executions_of_days
from dashboard.frame import view
from dashboard.links import page_url
from dashboard.tables import drawn_table

NAME = "executions_by_day"
SHOWN = (
    "machine executions failed timed_out aborted not_ended failure_rate masked_failures retries cost_usd type"
).split()

look = view()
window, before = look.window, look.window_before
question("What needs attention?")
if has_executions(look):
    days = context.answer(look.store, NAME, window)
    days_before = context.answer(look.store, NAME, before) if before is not None else None
    hotspots = context.answer(look.store, "failure_hotspots", window)
    rates = context.answer(look.store, "retry_rates", window)
    now, earlier = answers.totals(days), answers.totals(days_before) if days_before is not None else None
    st.markdown(answers.overview(now, earlier, look.filters))
    drawn_totals(now, earlier)
    note(answers.nothing_before(look.filters, earlier, look.store.fresh.first_day_ms))
    looked = attention.Looked(days, hotspots, rates, context.coverage(look.store))
    drawn_points(attention.points(now, earlier, looked, look.filters, look.now_ms))
    lower_bound_note(days, "executions_partial")
    drawn_figure(
        executions_of_days(days, window.since_ms, window.until_ms), NAME, "Executions of each day by how they ended"
    )
    note(answers.partial_days(window))
    machines = attention.by_machine(days)
    columns = [column for column in analysis_named(NAME).columns if column.name != "day_at"]
    machines_tab, days_tab = st.tabs(["By machine", "By day and machine"])
    with machines_tab:
        drawn_table(
            "executions_by_machine",
            machines,
            columns,
            look.now_ms,
            SHOWN,
            link=lambda row: page_url("failures", look.filters.of_machine(row["machine"])),
        )
    with days_tab:
        drawn_table(NAME, days, analysis_named(NAME).columns, look.now_ms, ["day_at", *SHOWN])
