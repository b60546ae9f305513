"""A part of a machine as an Express child: both definitions, to be copied and finished."""

from __future__ import annotations

import json

import pandas as pd
import streamlit as st

from analyzer.definition import parse_definition
from analyzer.definition.sketch import Sketch, sketch
from analyzer.registry import MachineKey
from analyzer.segments import express_parts
from dashboard import context
from dashboard.components import note
from dashboard.frame import View
from dashboard.wording import is_known, shortened

CAUTION = (
    "A sketch: the ARN of the child, its role and its logs are missing, variables and `$$` do not reach it, and the"
    " parent sees one failure where it saw several errors."
)


def draw_sketch(look: View, segments: pd.DataFrame) -> None:
    """Lets a reader choose one of the parts, and shows parent and child."""
    rows = list(range(len(segments)))
    chosen = st.selectbox("Sketch of", rows, format_func=lambda row: _name(segments, row), key="part")
    drawn = sketch_of(segments.iloc[chosen or 0], context.definition_texts(look.store))
    if drawn is None:
        note("The definition of this part is no longer in the store.")
        return
    parent, child = st.columns(2)
    for column, title, document in ((parent, "Parent, Standard", drawn.parent), (child, "Child, Express", drawn.child)):
        column.markdown(f"**{title}**")
        column.code(json.dumps(document, indent=2, ensure_ascii=False), language="json", height=420)
    note(CAUTION.replace("`$$`", "the context object"))


def _name(segments: pd.DataFrame, row: int) -> str:
    return f"{segments['machine'].iloc[row]}: {shortened(str(segments['states'].iloc[row]), 80)}"


def sketch_of(row: pd.Series, texts: dict[MachineKey, str]) -> Sketch | None:
    """The sketch of a row of `express_segments`; None when its definition is not known or has no such part now."""
    machine = MachineKey(*(str(row[name]) if is_known(row[name]) else "" for name in ("account", "region", "machine")))
    text = texts.get(machine, "")
    parts = express_parts(parse_definition(text)) if text else []
    found = next((part for part in parts if ", ".join(part.inside) == row["states"]), None)
    if found is None:
        return None
    return sketch(text, found.path, found.own, found.segment.entry, found.next_state)
