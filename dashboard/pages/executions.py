"""The newest executions, and one of them."""

from __future__ import annotations

import streamlit as st

from dashboard import context, listing, single
from dashboard.components import has_executions, leave, note, question
from dashboard.frame import view
from dashboard.links import execution_url, report_command
from dashboard.tables import drawn_table
from dashboard.wording import as_code, count, counted

look = view()
arn = st.query_params.get("execution", "")


def wanted() -> listing.Wanted:
    """What the list is narrowed to, from the URL and the box above it."""
    text = st.text_input("Find by name or ARN", key="find", bind="query-params", placeholder="a part of it is enough")
    masked = st.toggle("Only masked failures", key="masked", bind="query-params")
    state, error = st.query_params.get("state", ""), st.query_params.get("error", "")
    return listing.Wanted(state, error, text.strip(), masked)


def listed() -> None:
    """The list."""
    question("Which executions ran?")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        asked = wanted()
    if not has_executions(look):
        return
    found = context.listed(look.store, look.window, asked)
    failing = f" in which {as_code(asked.state)} failed" if asked.state else ""
    error = f" with {as_code(asked.error)}" if asked.error else ""
    st.markdown(
        f"**{counted(found.total, 'execution')}**{failing}{error} {look.filters.words}{look.filters.narrowing}."
    )
    if asked.state or asked.error:
        st.button("Show all executions again", type="tertiary", on_click=leave, args=("state", "error"))
    if found.total:
        drawn_table(
            "executions",
            found.frame,
            listing.COLUMNS,
            look.now_ms,
            link=lambda row: execution_url(row["execution_arn"], look.filters),
        )
    if found.total > len(found.frame):
        command = as_code(report_command(look.filters, look.window))
        note(f"The newest {count(len(found.frame))} are listed; for all: {command}")


if arn:
    single.draw(look, arn)
else:
    listed()
