"""How much of each day is in the store."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.layout import laid_out, marker
from dashboard.theme import COVERAGE_LOOKS

HEIGHT = 240


def coverage_of_days(frame: pd.DataFrame) -> go.Figure:
    """The executions of each UTC day by whether their history was collected, from the rows of `coverage`."""
    days = frame.groupby("day_at")[list(COVERAGE_LOOKS)].sum().astype("int64")
    dates = pd.to_datetime(days.index.astype("int64"), unit="ms")
    figure = go.Figure()
    for name, look in COVERAGE_LOOKS.items():
        if days[name].sum() > 0:
            figure.add_bar(
                x=list(dates),
                y=days[name].tolist(),
                name=look.words,
                marker=marker(look),
                hovertemplate=f"%{{y:,}} {look.words}<extra></extra>",
            )
    figure.update_layout(barmode="stack", hovermode="x unified")
    figure.update_xaxes(tickformat="%a %d %b", hoverformat="%A %d %B %Y, UTC", nticks=16)
    figure.update_yaxes(tickformat=",d", rangemode="tozero")
    return laid_out(figure, HEIGHT, y_title="executions")
