"""What stands around every page: the list of pages, the filters, how fresh the store is, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import streamlit as st

from analyzer.window import STATUSES, Window
from dashboard import context
from dashboard.filters import DEFAULT_SPAN, PARAMETERS, SPANS, Filters, refused
from dashboard.wording import ago, as_sentence, counted, instant, with_commands
from store.errors import StepscopeError

SHOWN = "shown"
SIDEBAR_PX = 272
STYLE = """
<style>
.stMainBlockContainer { padding-left: 2.5rem; padding-right: 2.5rem; max-width: 1500px; }
.st-key-window button { padding: 0 0.4rem; min-width: 2.2rem; }
h2, h3 { scroll-margin-top: 4rem; }
[data-testid="stDataFrame"] [aria-label="Download as CSV"] { display: none; }
</style>
"""
"""Less empty space beside the page; five windows in one row; no second CSV beside ours, which keeps formulas."""


class View(NamedTuple):
    """What a page draws from: the store, the reader's choice, the time."""

    store: context.Known
    filters: Filters
    now_ms: int

    @property
    def window(self) -> Window:
        """The window that was chosen."""
        return self.filters.window(self.now_ms)

    @property
    def window_before(self) -> Window | None:
        """The window to compare with; None when the store does not reach back to its beginning."""
        before, first = self.filters.window_before(self.now_ms), self.store.fresh.first_day_ms
        reaches = before is not None and before.since_ms is not None and first is not None and first <= before.since_ms
        return before if reaches else None


def run(pages: Sequence[Any]) -> None:
    """Draw the page that the URL names, with everything around it."""
    st.set_page_config(page_title="Stepscope", layout="wide", initial_sidebar_state=SIDEBAR_PX)
    st.html(STYLE)
    page = st.navigation({"Stepscope": pages}, expanded=True)
    try:
        st.session_state[SHOWN] = _view()
        page.run()
    except StepscopeError as error:
        _say(error)


def view() -> View:
    """What the page that is being drawn looks at."""
    found: View = st.session_state[SHOWN]
    return found


def _view() -> View:
    store, now_ms = context.known(), context.now_ms()
    asked = {name: st.query_params.get_all(name) for name in PARAMETERS}
    problems = refused(asked, store.machine_names)
    with st.sidebar:
        filters = _filters(store.machine_names)
        _freshness(store, now_ms)
    if problems:
        st.warning("\n\n".join(map(as_sentence, problems)), title="Ignored from the address")
    _sample_note(store)
    return View(store, filters, now_ms)


def _filters(machine_names: Sequence[str]) -> Filters:
    """The widgets of the filters: in the URL, and kept from page to page, because they are bound to it."""
    span = st.segmented_control(
        "Window", list(SPANS), default=DEFAULT_SPAN, required=True, key="window", bind="query-params", width="stretch"
    )
    until = st.date_input(
        "Until", value=None, key="until", bind="query-params", help="The last UTC day to look at; empty is now."
    )
    machines = st.multiselect("Machines", machine_names, key="machine", bind="query-params", placeholder="all")
    statuses = st.multiselect("Status", STATUSES, key="status", bind="query-params", placeholder="all")
    return Filters(
        span=span or DEFAULT_SPAN,
        until=until if isinstance(until, date) else None,
        machines=tuple(machines),
        statuses=tuple(statuses),
    )


def _freshness(store: context.Known, now_ms: int) -> None:
    fresh = store.fresh
    if fresh.running_kind is not None:
        st.caption(f"A pass ({fresh.running_kind}) is running or was cut off; its days change when it is folded.")
    elif fresh.stale_days:
        days = counted(fresh.stale_days, "day")
        st.caption(f"{days} changed and not folded yet: run `stepscope facts rebuild`.")
    if fresh.collected_at is not None:
        st.caption(f"Collected {ago(fresh.collected_at, now_ms)}", help=instant(fresh.collected_at))


def _sample_note(store: context.Known) -> None:
    if store.fresh.is_sample:
        st.markdown(
            ":orange-badge[Sample data] :small[Invented workflows: a few hundred executions ran on a stand-in for AWS,"
            " the rest repeat them with a stretched clock; all dates are moved by whole days.]"
        )


def look_at(day: date) -> None:
    """Let the window end with this UTC day; for the callback of a button."""
    st.session_state["until"] = day


def _say(error: StepscopeError) -> None:
    """A failure in the words of the error; never an empty page."""
    sentence = error.sentence[:1].upper() + error.sentence[1:]
    st.error(with_commands(error.hint), title=as_sentence(sentence.rstrip(".") + "."))
