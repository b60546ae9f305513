"""What all figures have in common: little ink, room for labels, and texts that stay texts."""

from __future__ import annotations

import html
from collections.abc import Mapping
from unicodedata import east_asian_width

import plotly.graph_objects as go

from dashboard.theme import Look
from dashboard.wording import shortened

LABEL_CHARS = 38
ROW_PX = 24
AXES_PX = 84
LETTER_PX = 7


def as_label(name: object, limit: int = LABEL_CHARS) -> str:
    """A stranger's text where Plotly would read HTML: shown as it is, shortened when too long for an axis."""
    return as_hover(shortened(str(name), limit))


def as_hover(text: object) -> str:
    """The same at full length."""
    return html.escape(" ".join(str(text).split()), quote=False).replace("$", "&#36;")


def width_px(text: str) -> int:
    """About how wide a text is on an axis: Korean, Chinese and Japanese letters take two places."""
    return sum(LETTER_PX * (2 if east_asian_width(letter) in "WF" else 1) for letter in text)


def marker(look: Look) -> Mapping[str, object]:
    """Colour and hatching of a bar."""
    pattern = {"shape": look.hatching, "size": 5, "solidity": 0.35, "fgcolor": "white", "fillmode": "overlay"}
    return {"color": look.colour, "line": {"width": 0}, "pattern": pattern if look.hatching else {}}


def laid_out(figure: go.Figure, height: int, x_title: str = "", y_title: str = "") -> go.Figure:
    """A figure with the dashboard's margins, legend and axes."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "title": None, "traceorder": "normal"},
        bargap=0.28,
        showlegend=True,
        hoverlabel={"align": "left"},
        dragmode=False,
    )
    figure.update_xaxes(title={"text": x_title, "standoff": 8}, automargin=True, fixedrange=True)
    figure.update_yaxes(title={"text": y_title, "standoff": 8}, automargin=True, fixedrange=True)
    return figure


def rows_height(rows: int) -> int:
    """The height of a figure of that many rows."""
    return max(rows, 2) * ROW_PX + AXES_PX


def rows_laid_out(figure: go.Figure, labels: list[str], x_title: str, height: int | None = None) -> go.Figure:
    """A figure of rows under each other, the first on top, named on the left."""
    laid_out(figure, height or rows_height(len(labels)), x_title)
    figure.update_yaxes(
        autorange=False,
        range=[len(labels) - 0.5, -0.5],
        tickvals=list(range(len(labels))),
        ticktext=labels,
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    return figure
