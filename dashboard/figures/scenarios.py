"""Two scenarios, each as Standard and as Express."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from analyzer.scenario import Outcome
from dashboard.figures.layout import marker, rows_laid_out
from dashboard.theme import NEUTRAL, ORANGE, SECOND, Look
from dashboard.wording import usd

PARTS = {
    "standard_usd": Look("transitions as Standard", NEUTRAL),
    "express_requests_usd": Look("requests as Express", SECOND),
    "express_duration_usd": Look("duration as Express", SECOND, "/"),
    "logs_usd": Look("logs as Express", ORANGE),
}


def scenarios_compared(found: Mapping[str, Outcome]) -> go.Figure:
    """What a month of each scenario costs both ways, and of which parts."""
    figure = go.Figure()
    rows = [f"{name} as {way}" for name in found for way in ("Standard", "Express")]
    for field, look in PARTS.items():
        way = "Standard" if field == "standard_usd" else "Express"
        amounts = [getattr(of, field) for of in found.values()]
        figure.add_bar(
            orientation="h",
            y=[rows.index(f"{name} as {way}") for name in found],
            x=[None if amount is None else float(amount) for amount in amounts],
            name=look.words,
            marker=marker(look),
            customdata=[usd(None if amount is None else float(amount)) for amount in amounts],
            hovertemplate=f"%{{customdata}} {look.words}<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(tickprefix="$", rangemode="tozero", tickformat="~g")
    return rows_laid_out(figure, rows, "US dollars a month")
