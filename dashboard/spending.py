"""What the money of a window went into, divided in one way after another: the tabs of the cost page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from analyzer.registry import analysis_named
from dashboard import answers, context, money_answers
from dashboard.components import drawn_figure, note
from dashboard.figures.money import cost_of_machines
from dashboard.figures.spending import spending, spending_tree
from dashboard.frame import View
from dashboard.tables import drawn_table


class Division(NamedTuple):
    """One way to divide the cost: its tab, its analysis, its columns; picture and sentence where it has any."""

    tab: str
    name: str
    shown: str
    figure: Callable[[pd.DataFrame], Any] | None = None
    description: str = ""
    sentence: Callable[[pd.DataFrame], str] | None = None
    remark: str | None = None


DIVISIONS = (
    Division(
        "By purpose",
        "cost_by_purpose",
        "machine purpose attempts transitions cost_usd cost_share machine_share",
        spending,
        "What the money went into, from work to what was in vain, and the sum",
        money_answers.purposes,
    ),
    Division(
        "By machine",
        "cost_by_machine",
        "machine type executions transitions cost_usd cost_share cost_per_execution_usd retry_cost_usd"
        " failed_executions_cost_usd cost_note",
        cost_of_machines,
        "Cost of the dearest machines",
    ),
    Division(
        "By state",
        "cost_by_state",
        "state machine attempts transitions cost_usd cost_share retry_cost_usd failure_cost_usd",
        spending_tree,
        "Machines and their states, as large as what they cost; where much of it is retries or failures, in colour",
        remark="A tile is as large as its cost: red where more than half of it failed, orange where more than a quarter"
        " of it was retries or failures. A click opens a machine.",
    ),
    Division(
        "By error",
        "cost_by_error",
        "error machine failures retries attempts cost_usd cost_share retry_cost_usd failure_cost_usd",
    ),
    Division(
        "By integration",
        "cost_by_integration",
        "resource pattern state_type machines attempts transitions cost_usd cost_share retry_cost_usd failure_cost_usd",
    ),
    Division(
        "By variant",
        "cost_by_variant",
        "variant machine executions execution_share cost_usd cost_share cost_per_execution_usd"
        " cost_per_machine_average",
    ),
    Division(
        "By revision",
        "cost_by_revision",
        "machine revision first_started_at executions cost_usd cost_per_execution_usd cost_per_success_usd"
        " transitions_per_execution retries_per_execution",
    ),
    Division(
        "Per success",
        "cost_per_success",
        "machine executions succeeded cost_usd cost_per_success_usd surcharge_usd surcharge_share"
        " cost_per_clean_success_usd",
    ),
    Division(
        "With children",
        "cost_with_children",
        "machine type executions children children_machines own_cost_usd children_cost_usd cost_usd cost_share"
        " cost_per_execution_usd",
    ),
    Division(
        "Polling",
        "cost_of_polling",
        "state machine loop resource found_in wait_ms runs iterations_per_run iterations_max cost_usd repeated_cost_usd"
        " saving_usd",
    ),
    Division("By month", "cost_by_month", "", sentence=answers.free_tier),
)


def draw(look: View) -> None:
    """The tabs; only the one that is open asks for its table."""
    tabs = st.tabs([one.tab for one in DIVISIONS], key="by", on_change="rerun", bind="query-params")
    for tab, division in zip(tabs, DIVISIONS, strict=True):
        if tab.open:
            with tab:
                _draw(look, division)


def _draw(look: View, division: Division) -> None:
    frame = context.answer(look.store, division.name, look.window)
    if division.sentence is not None:
        st.markdown(division.sentence(frame))
    if division.figure is not None:
        drawn_figure(division.figure(frame), division.name, division.description)
    note(division.remark)
    columns = analysis_named(division.name).columns
    if len(frame):
        drawn_table(division.name, frame, columns, look.now_ms, division.shown.split())
    else:
        st.info("Nothing of this kind ran in the window.")
    note(answers.cost_rules(frame) if "cost_note" in frame else None)
