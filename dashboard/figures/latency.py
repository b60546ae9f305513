"""How long states run and queue."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.figures.layout import AXES_PX, ROW_PX, as_hover, rows_laid_out
from dashboard.figures.states import STATE, state_labels
from dashboard.theme import NEUTRAL
from dashboard.wording import SECOND, duration, is_known

ROWS = 15
SHAPES = {"p50": "circle", "p95": "diamond", "p99": "line-ns-open"}
TICKS_MS = [1, 10, 100, 1_000, 10_000, 60_000, 600_000, 3_600_000, 36_000_000, 86_400_000, 864_000_000]
SMALLEST_MS = 1
"""A logarithmic axis has no 0: what took less than a millisecond is drawn at one, and told right on hover."""


def latency_of_states(latency: pd.DataFrame, rows: int = ROWS) -> go.Figure:
    """The slowest tasks: quantiles of the run on the left, of the queue on the right; rows of `state_latency`.

    What only waits or holds other states is drawn where there are no tasks.
    """
    tasks = latency[latency["state_type"] == "Task"]
    top = (tasks if len(tasks) else latency).head(rows)
    figure = make_subplots(rows=1, cols=2, shared_yaxes=True, column_widths=[0.62, 0.38], horizontal_spacing=0.03)
    for column, time in enumerate(("run", "queue"), start=1):
        _draw(figure, top, time, column)
    labels = state_labels([(machine, state) for machine, state in top[STATE].itertuples(index=False)])
    rows_laid_out(figure, labels, "", height=max(len(labels), 2) * ROW_PX + AXES_PX + 16)
    words = [duration(ms) for ms in TICKS_MS]
    figure.update_xaxes(type="log", tickvals=TICKS_MS, ticktext=words, title_text="run, logarithmic", col=1)
    figure.update_xaxes(rangemode="tozero", title_text=f"queue, {_queue_unit(figure, top)}", col=2)
    return figure


def _queue_unit(figure: go.Figure, top: pd.DataFrame) -> str:
    """Brings the queue, which is drawn in milliseconds, to seconds on its axis where they read better."""
    longest = top["queue_p99_ms"].max()
    if pd.isna(longest) or longest < 2 * SECOND:
        return "milliseconds"
    figure.for_each_trace(lambda trace: trace.update(x=[_seconds(ms) for ms in trace.x]), selector={"xaxis": "x2"})
    return "seconds"


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / SECOND


def _draw(figure: go.Figure, top: pd.DataFrame, time: str, column: int) -> None:
    positions = list(range(len(top)))
    states = [as_hover(state) for state in top["state"]]
    least = SMALLEST_MS if time == "run" else 0
    figure.add_scatter(
        x=_pairs(top[f"{time}_p50_ms"].clip(lower=least), top[f"{time}_p99_ms"].clip(lower=least)),
        y=_pairs(pd.Series(positions), pd.Series(positions)),
        mode="lines",
        line={"color": NEUTRAL, "width": 2},
        opacity=0.45,
        hoverinfo="skip",
        showlegend=False,
        row=1,
        col=column,
    )
    for name, shape in SHAPES.items():
        values = top[f"{time}_{name}_ms"]
        figure.add_scatter(
            x=[float(ms) if is_known(ms) else None for ms in values.clip(lower=least)],
            y=positions,
            mode="markers",
            cliponaxis=False,
            name=name,
            legendgroup=name,
            showlegend=column == 1,
            marker={"symbol": shape, "size": 9, "color": NEUTRAL, "line": {"width": 2, "color": NEUTRAL}},
            customdata=list(zip(states, map(duration, values), strict=True)),
            hovertemplate=f"<b>%{{customdata[0]}}</b><br>{time} {name} %{{customdata[1]}}<extra></extra>",
            row=1,
            col=column,
        )


def _pairs(starts: pd.Series, ends: pd.Series) -> list[float | None]:
    """Both ends of many lines in one trace, which empty places keep apart."""
    together: list[float | None] = []
    for start, end in zip(starts, ends, strict=True):
        known = not (pd.isna(start) or pd.isna(end))
        together += [float(start) if known else None, float(end) if known else None, None]
    return together
