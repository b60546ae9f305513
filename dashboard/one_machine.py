"""The machine that a page about a single one looks at."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from analyzer.window import Window
from dashboard.filters import Filters
from dashboard.frame import View


class OneMachine(NamedTuple):
    """Its name, the filters that leave only it, and the window."""

    name: str
    filters: Filters
    window: Window


def one_machine(look: View) -> OneMachine:
    """The one machine of the filters; where they leave several, the reader picks one. The store has one at least."""
    names = list(look.filters.machines) or look.store.machine_names
    name = names[0]
    if len(names) > 1:
        name = st.selectbox("Machine", names, key="of", bind="query-params") or name
    filters = replace(look.filters, machines=(name,))
    return OneMachine(name, filters, filters.window(look.now_ms))
