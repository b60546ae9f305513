"""What machines and states cost."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.layout import as_hover, as_label, rows_laid_out
from dashboard.figures.states import state_labels
from dashboard.theme import NEUTRAL, ORANGE, RED, SECOND
from dashboard.wording import is_known, usd

ROWS = 12


class Part(NamedTuple):
    """A part of a cost: its words, its colour, and how far from the middle of the row it is drawn."""

    words: str
    colour: str
    offset: float


PARTS = {
    "retry_cost_usd": Part("made by retries", ORANGE, -0.18),
    "failure_cost_usd": Part("made by attempts that failed", RED, 0.18),
}


def cost_of_machines(costs: pd.DataFrame, rows: int = ROWS) -> go.Figure:
    """The dearest machines and what part was in vain, from the rows of `cost_by_machine`."""
    return _costs(costs.head(rows), [as_label(machine) for machine in costs["machine"].head(rows)])


def cost_of_states(costs: pd.DataFrame, rows: int = ROWS) -> go.Figure:
    """The dearest states and what part was in vain, from the rows of `cost_by_state`."""
    top = costs[costs["cost_usd"].notna()].head(rows)
    return _costs(top, state_labels(list(top[["machine", "state"]].itertuples(index=False, name=None))))


def _costs(top: pd.DataFrame, labels: list[str]) -> go.Figure:
    positions = list(range(len(top)))
    amounts = top["cost_usd"].astype("float64")
    figure = go.Figure()
    figure.add_bar(
        orientation="h",
        y=positions,
        x=amounts.tolist(),
        name="cost",
        marker={"color": NEUTRAL, "opacity": 0.5},
        width=0.72,
        customdata=[usd(amount) for amount in amounts],
        hovertemplate="%{customdata}<extra></extra>",
    )
    for column, part in PARTS.items():
        _add_part(figure, top[column].astype("float64"), part)
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(tickprefix="$", rangemode="tozero", tickformat="~g")
    return rows_laid_out(figure, labels, "US dollars, list price")


def _add_part(figure: go.Figure, amounts: pd.Series, part: Part) -> None:
    """A thin bar within the wide one, of the same beginning."""
    figure.add_bar(
        orientation="h",
        y=[position + part.offset for position in range(len(amounts))],
        x=[amount if is_known(amount) else None for amount in amounts],
        width=0.24,
        name=part.words,
        marker={"color": part.colour},
        customdata=[usd(amount) for amount in amounts],
        hovertemplate=f"%{{customdata}} {part.words}<extra></extra>",
    )


WAYS = {"standard_cost_usd": ("as Standard", NEUTRAL, "square"), "express_cost_usd": ("as Express", SECOND, "diamond")}


def standard_and_express(compared: pd.DataFrame, rows: int = 15) -> go.Figure:
    """Each machine's cost both ways, from the rows of `standard_vs_express`."""
    top = compared.head(rows)
    positions = list(range(len(top)))
    figure = go.Figure()
    for row, (standard, express) in enumerate(zip(top["standard_cost_usd"], top["express_cost_usd"], strict=True)):
        if is_known(standard) and is_known(express):
            figure.add_shape(type="line", x0=standard, x1=express, y0=row, y1=row, line={"color": NEUTRAL, "width": 2})
    for column, (words, colour, symbol) in WAYS.items():
        amounts = top[column].astype("float64").where(top[column] > 0)
        figure.add_scatter(
            y=positions,
            x=[amount if is_known(amount) else None for amount in amounts],
            mode="markers",
            name=words,
            marker={"color": colour, "symbol": symbol, "size": 11},
            customdata=[(as_hover(name), usd(amount)) for name, amount in zip(top["machine"], amounts, strict=True)],
            hovertemplate=f"<b>%{{customdata[0]}}</b><br>%{{customdata[1]}} {words}<extra></extra>",
        )
    ticks = _decades(top[list(WAYS)].to_numpy(float, na_value=float("nan")))
    figure.update_xaxes(type="log", tickvals=ticks, ticktext=[usd(tick) for tick in ticks])
    return rows_laid_out(figure, [as_label(machine) for machine in top["machine"]], "US dollars, logarithmic")


def _decades(amounts: npt.NDArray[np.float64]) -> list[float]:
    """Ticks of a logarithmic axis: 1 and 3 of each power of ten that these amounts lie in."""
    known = amounts[np.isfinite(amounts) & (amounts > 0)]
    if not known.size:
        return []
    first, last = math.floor(np.log10(known.min())), math.ceil(np.log10(known.max()))
    return [step * 10.0**power for power in range(first, last + 1) for step in (1, 3)]
