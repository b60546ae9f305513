"""What several pages draw: their head, a figure, a sentence where there is nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st

from analyzer.prices import stale_note
from dashboard import answers, context
from dashboard.answers import Totals, money
from dashboard.attention import Point
from dashboard.filters import utc_date
from dashboard.frame import View, look_at
from dashboard.wording import DAY, Figure, change, count, day

Delta = Literal["off", "inverse"]
"""Whether more of something is worse, or neither good nor bad."""

ARROW = ":material/arrow_forward:"
FIGURE = {"displayModeBar": False, "responsive": True}


def leave(*parameters: str) -> None:
    """Take parameters out of the address; for the callback of a button."""
    for name in parameters:
        st.query_params.pop(name, None)


def question(text: str) -> None:
    """The page's title."""
    st.title(text, anchor=False)


def has_executions(view: View) -> bool:
    """Whether any execution is in the window; where none is, a sentence says so and what to do."""
    if not context.is_empty(view.store, view.window):
        return True
    fresh = view.store.fresh
    if fresh.first_day_ms is None:
        st.info("The store holds no executions yet. Run `stepscope collect`, or `stepscope import` for files.")
        return False
    st.info(
        f"No execution started {view.filters.words}{view.filters.narrowing}. The store has executions from"
        f" {day(fresh.first_day_ms)} to {day(fresh.last_day_ms)}."
    )
    _offer(view, fresh.first_day_ms, fresh.last_day_ms or fresh.first_day_ms)
    return False


def _offer(view: View, first_day_ms: int, last_day_ms: int) -> None:
    """A way to the newest executions, when the window is beside what the store has."""
    window = view.window
    is_after = window.since_ms is not None and last_day_ms + DAY <= window.since_ms
    is_before = window.until_ms is not None and window.until_ms <= first_day_ms
    if is_after or is_before:
        last = utc_date(last_day_ms)
        st.button(f"Show what there is up to {last}", on_click=look_at, args=(last,), type="primary")
    elif view.filters.machines or view.filters.statuses:
        st.markdown("Other machines or statuses may have some: see the filters on the left.")


def drawn_figure(figure: Any, name: str, description: str) -> None:
    """A figure, and what it shows for those who cannot see it."""
    st.plotly_chart(figure, key=f"figure-{name}", config=FIGURE, alt=description)


def drawn_totals(now: Totals, before: Totals | None) -> None:
    """The figures of a window side by side, each against the window before."""
    figures: list[tuple[str, float, float | None, Callable[[Figure], str], Delta]] = [
        ("Executions", now.executions, before and before.executions, count, "off"),
        ("Failed", now.failed, before and before.failed, count, "inverse"),
        ("Masked failures", now.masked, before and before.masked, count, "inverse"),
        ("Retries", now.retries, before and before.retries, count, "inverse"),
        ("Cost, list price", now.cost_usd, before and before.cost_usd, money, "off"),
    ]
    for column, (label, value, earlier, written, colour) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(
            label,
            written(value),
            delta=change(value, earlier),
            delta_color=colour,
            delta_description=None if before is None else f"from {written(earlier)}",
        )


def drawn_points(points: Sequence[Point]) -> None:
    """Sentences under each other, each with the way to the page behind it."""
    with st.container(gap="xxsmall"):
        for number, point in enumerate(points, start=1):
            sentence, way = st.columns([0.88, 0.12], vertical_alignment="center")
            sentence.markdown(f"{number}. {point.sentence}")
            page = f"dashboard/pages/{point.page}.py"
            way.page_link(page, label=point.page.capitalize(), icon=ARROW, query_params=point.parameters)


def note(sentence: str | None) -> None:
    """A remark in small type, if there is one."""
    if sentence:
        st.caption(sentence)


def log_levels_note(view: View) -> None:
    """Says which Express machines of the window log too little for this page to be whole."""
    note(answers.log_levels(context.answer(view.store, "log_levels", view.window), view.filters))


def old_prices_note(view: View) -> None:
    """Says so when nobody has checked the prices of the store's Regions for half a year."""
    regions = {machine.region for machine in view.store.machines if machine.region}
    checked = context.prices(view.store.folder).oldest_check(regions)
    note(stale_note(checked, utc_date(view.now_ms)) if checked else None)


def lower_bound_note(frame: Any, column: str) -> None:
    """Says which part of a table is a lower bound."""
    note(answers.lower_bound(frame, column))
