"""Two scenarios side by side, each with its own sliders, all of them in the address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from analyzer.columns import count, number, text
from analyzer.estimates import LOG_LEVELS
from analyzer.frames import frame_from
from analyzer.scenario import Outcome, Scenario, outcome
from dashboard import context, money_answers
from dashboard.components import drawn_figure, note
from dashboard.figures.scenarios import scenarios_compared
from dashboard.filters import utc_date
from dashboard.frame import View
from dashboard.tables import drawn_table
from dashboard.wording import as_sentence

COLUMNS = (
    text("scenario", "A or B"),
    count("transitions", "billable state transitions of the month"),
    number("standard_cost_usd", "as Standard, after the free tier of an account that runs nothing else"),
    number("express_cost_usd", "as Express: requests, duration and logs"),
    number("express_requests_usd", "the part that requests are"),
    number("express_duration_usd", "the part that duration × memory is"),
    number("express_logs_usd", "the part that vended logs are"),
    text("cheaper_type", "the type that costs less and can be"),
    text("blockers", "why it cannot be Express; empty when it can"),
    text("cost_note", "the rule and prices behind it, or why a cost is empty"),
)
DAYS_IN_MONTH = 30


class Knob(NamedTuple):
    """A number that a reader may turn: its field of `Scenario`, words, greatest value and step; `slide` or type it."""

    field: str
    label: str
    most: float
    step: float
    slide: bool = True
    help: str = ""


KNOBS = (
    Knob("executions", "Executions a month", 10**9, 1_000, slide=False),
    Knob("states", "States of one execution", 200, 1, help="Visits of states, without polling and without retries."),
    Knob("retries", "Retries of one execution, on average", 20.0, 0.1),
    Knob("duration_ms", "Duration, ms", 10**8, 100, slide=False, help="Without the waiting between polls."),
    Knob("memory_mb", "Memory as Express, MB", 1_024, 64),
    Knob("items", "Items of a Distributed Map", 10**6, 100, slide=False, help="0: there is none."),
    Knob("batch", "Items in one child (ItemBatcher)", 1_000, 1),
    Knob("poll_for_s", "What is polled for takes, s", 3_600, 10, help="0: nothing is polled for."),
    Knob("poll_every_s", "Asked for every, s", 300, 5),
)
_REGIONS_FIRST = "us-east-1"


def draw(look: View) -> None:
    """The knobs of both scenarios, and what comes of them."""
    ran = as_it_ran(context.answer(look.store, "standard_vs_express", look.window), _days(look))
    book, on = context.prices(look.store.folder), utc_date(look.now_ms)
    result = st.container()
    chosen = {}
    for name, column in zip("AB", st.columns(2, gap="large"), strict=True):
        with column:
            chosen[name] = _knobs(name, ran, [entry.region for entry in book.entries])
    found = {name: outcome(scenario, on, book) for name, scenario in chosen.items()}
    with result:
        st.markdown(money_answers.what_if(found["A"], found["B"]))
        drawn_figure(scenarios_compared(found), "what-if", "Cost of both scenarios as Standard and as Express")
        drawn_table("what_if", frame(found), COLUMNS, None, [c.name for c in COLUMNS if c.name != "cost_note"])
        note(" ".join(dict.fromkeys(f"{as_sentence(of.note)}." for of in found.values())))
        note("Both begin with what ran in the window; every choice stands in the address, which can be shared.")


def _days(look: View) -> float:
    return context.days_within(look.store, look.window)


def as_it_ran(compared: pd.DataFrame, days: float) -> Scenario:
    """The average execution and the volume a month of what ran, from the rows of `standard_vs_express`."""
    executions = int(compared["executions"].sum())
    if not executions:
        return Scenario()
    steps = float((compared["express_gb_seconds"] / compared["express_memory_mb"]).sum()) * 1_024 * 1_000
    regions = compared["region"].dropna()
    return Scenario(
        executions=max(round(executions * DAYS_IN_MONTH / days), 1),
        states=max(round(int(compared["transitions"].sum()) / executions), 1),
        duration_ms=max(round(steps / executions / 100) * 100, 100),
        region=str(regions.mode().iloc[0]) if len(regions) else _REGIONS_FIRST,
    )


def _knobs(name: str, ran: Scenario, regions: list[str]) -> Scenario:
    st.subheader(f"Scenario {name}", anchor=False)
    turned = {knob.field: _turned(name, knob, getattr(ran, knob.field)) for knob in KNOBS}
    level = st.selectbox(
        "Log level as Express", LOG_LEVELS, LOG_LEVELS.index("OFF"), key=_key(name, "logs"), bind="query-params"
    )
    known = sorted(set(regions))
    first = known.index(ran.region) if ran.region in known else 0
    region = st.selectbox("Region", known, first, key=_key(name, "region"), bind="query-params")
    if turned["poll_for_s"] and not turned["poll_every_s"]:
        turned["poll_every_s"] = KNOBS[-1].step
    return Scenario(**turned, log_level=level, region=region)


def _turned(name: str, knob: Knob, value: float) -> Any:
    kind: Callable[[float], float] = float if knob.field == "retries" else int
    least = kind(1 if knob.field in ("batch", "states", "memory_mb") else 0)
    start, most = min(max(kind(value), least), kind(knob.most)), kind(knob.most)
    draw: Callable[..., Any] = st.slider if knob.slide else st.number_input
    return draw(
        knob.label,
        min_value=least,
        max_value=most,
        value=start,
        step=kind(knob.step),
        key=_key(name, knob.field),
        bind="query-params",
        help=knob.help or None,
    )


def _key(name: str, field: str) -> str:
    """The name of a parameter of the address: `a_states`."""
    return f"{name.lower()}_{field}"


def frame(found: dict[str, Outcome]) -> pd.DataFrame:
    """The scenarios as a table."""
    return frame_from([_row(name, of) for name, of in found.items()], COLUMNS)


def _row(name: str, of: Outcome) -> dict[str, Any]:
    amounts = {
        "standard_cost_usd": of.standard_usd,
        "express_cost_usd": of.express_usd,
        "express_requests_usd": of.express_requests_usd,
        "express_duration_usd": of.express_duration_usd,
        "express_logs_usd": of.logs_usd,
    }
    return {
        "scenario": name,
        "transitions": of.transitions,
        **{column: None if amount is None else float(amount) for column, amount in amounts.items()},
        "cheaper_type": of.cheaper or None,
        "blockers": of.obstacle or None,
        "cost_note": of.note,
    }
