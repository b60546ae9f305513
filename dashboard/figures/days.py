"""Executions by day."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.layout import laid_out, marker
from dashboard.theme import EXECUTION_LOOKS

HEIGHT = 260
HALF_A_DAY = pd.Timedelta(hours=12)


def executions_of_days(frame: pd.DataFrame, since_ms: int | None = None, until_ms: int | None = None) -> go.Figure:
    """How the executions of each UTC day ended, from the rows of `executions_by_day`; the worst stands on the axis.

    The axis has every day of the window, those without executions too.
    """
    days = _days(frame)
    figure = go.Figure()
    for name, look in EXECUTION_LOOKS.items():
        if days[name].sum() > 0:
            figure.add_bar(
                x=list(days.index),
                y=days[name].tolist(),
                name=look.words,
                marker=marker(look),
                hovertemplate=f"%{{y:,}} {look.words}<extra></extra>",
            )
    figure.update_layout(barmode="stack", hovermode="x unified")
    figure.update_xaxes(tickformat="%a %d %b", hoverformat="%A %d %B %Y, UTC", nticks=16)
    if since_ms is not None and until_ms is not None:
        first, last = (pd.Timestamp(ms, unit="ms").floor("D") for ms in (since_ms, until_ms - 1))
        figure.update_xaxes(range=[first - HALF_A_DAY, last + HALF_A_DAY])
    figure.update_yaxes(tickformat=",d", rangemode="tozero")
    return laid_out(figure, HEIGHT, y_title="executions")


def _days(frame: pd.DataFrame) -> pd.DataFrame:
    counts = ["failed", "timed_out", "aborted", "masked_failures", "succeeded", "not_ended"]
    days = frame.groupby("day_at")[counts].sum().astype("int64")
    days.index = pd.to_datetime(days.index.astype("int64"), unit="ms")
    return days.assign(clean=days["succeeded"] - days["masked_failures"])
