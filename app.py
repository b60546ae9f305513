"""Streamlit's entry: the list of pages. Draws nothing itself.

    stepscope dashboard
    streamlit run app.py -- --store FOLDER

Streamlit imports it once to serve it, and runs it as a script for each drawing.
"""

from __future__ import annotations

import streamlit as st

from dashboard import serving

if __name__ == "__main__":
    # Only here: what is cached must find the server running.
    from dashboard import frame

    frame.run(
        [
            st.Page("dashboard/pages/overview.py", title="Overview", default=True),
            st.Page("dashboard/pages/issues.py", title="Issues"),
            st.Page("dashboard/pages/advice.py", title="Advice"),
            st.Page("dashboard/pages/failures.py", title="Failures"),
            st.Page("dashboard/pages/retries.py", title="Retries"),
            st.Page("dashboard/pages/latency.py", title="Latency"),
            st.Page("dashboard/pages/time.py", title="Time"),
            st.Page("dashboard/pages/paths.py", title="Paths"),
            st.Page("dashboard/pages/changes.py", title="Changes"),
            st.Page("dashboard/pages/compare.py", title="Compare"),
            st.Page("dashboard/pages/runway.py", title="Runway"),
            st.Page("dashboard/pages/cost.py", title="Cost"),
            st.Page("dashboard/pages/standard_vs_express.py", title="Standard vs Express"),
            st.Page("dashboard/pages/savings.py", title="Savings"),
            st.Page("dashboard/pages/what_if.py", title="What if"),
            st.Page("dashboard/pages/graph.py", title="Graph"),
            st.Page("dashboard/pages/grid.py", title="Grid"),
            st.Page("dashboard/pages/executions.py", title="Executions"),
            st.Page("dashboard/pages/collection.py", title="Collection"),
            st.Page("dashboard/pages/glossary.py", title="Glossary"),
        ]
    )
else:
    app = st.App(__file__, middleware=serving.MIDDLEWARE)
