"""How far it is to AWS's limits, what is lost when, and what runs for too long."""

from __future__ import annotations

import streamlit as st

from analyzer.registry import analysis_named
from dashboard import context, findings
from dashboard.components import drawn_figure, has_executions, question
from dashboard.figures.time import used_of_limits
from dashboard.frame import view
from dashboard.links import execution_url
from dashboard.tables import drawn_table

RUNWAY, STUCK = "runway", "stuck_runs"
RUNWAY_SHOWN = "limit_name level machine region used limit used_share reached_at executions what_then".split()
STUCK_SHOWN = "execution_arn machine started_at last_state age_ms duration_p50_ms duration_p99_ms age_per_p99".split()

look = view()
question("How far is it to the limits, and what is lost when?")
if has_executions(look):
    runway, stuck = (context.answer(look.store, name, look.window) for name in (RUNWAY, STUCK))
    st.markdown(findings.nearest_limit(runway, look.now_ms))
    if len(runway):
        drawn_figure(used_of_limits(runway), RUNWAY, "What part of each limit is used")
        drawn_table(RUNWAY, runway, analysis_named(RUNWAY).columns, look.now_ms, RUNWAY_SHOWN)
    st.subheader("Which executions run for longer than ever?", anchor=False)
    st.markdown(findings.stuck(stuck))
    if len(stuck):
        drawn_table(
            STUCK,
            stuck,
            analysis_named(STUCK).columns,
            look.now_ms,
            STUCK_SHOWN,
            link=lambda row: execution_url(row["execution_arn"], look.filters),
        )
