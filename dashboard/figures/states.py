"""States under each other: what fails, what is retried."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.layout import as_hover, as_label, marker, rows_laid_out
from dashboard.theme import GREEN, RED, ROLE_LOOKS, Look

ROWS = 12
STATE = ["machine", "state"]


def failures_of_states(hotspots: pd.DataFrame, rows: int = ROWS) -> go.Figure:
    """The states with the most failures, by what became of these, from the rows of `failure_hotspots`."""
    counts = hotspots.pivot_table(index=STATE, columns="role", values="failures", aggfunc="sum", fill_value=0)
    return stacked(_top(counts, rows), ROLE_LOOKS, "failed attempts")


RETRY_LOOKS = {"recovered": Look("succeeded after a retry", GREEN), "lost": Look("did not", RED)}


def retries_of_states(rates: pd.DataFrame, rows: int = ROWS) -> go.Figure:
    """The states with the most visits retried, and whether that helped, from the rows of `retry_rates`."""
    sums = rates.groupby(STATE)[["visits_retried", "visits_recovered"]].sum().astype("int64")
    counts = pd.DataFrame(
        {"recovered": sums["visits_recovered"], "lost": sums["visits_retried"] - sums["visits_recovered"]}
    )
    return stacked(_top(counts[counts.sum(axis=1) > 0], rows), RETRY_LOOKS, "visits that were retried")


def _top(counts: pd.DataFrame, rows: int) -> pd.DataFrame:
    order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index[:rows]
    return counts.loc[order]


def stacked(counts: pd.DataFrame, looks: Mapping[str, Look], x_title: str) -> go.Figure:
    """Bars beside each other by look, for rows of (machine, state), the first on top."""
    figure = go.Figure()
    machines = [as_hover(machine) for machine, _ in counts.index]
    states = [as_hover(state) for _, state in counts.index]
    for name, look in looks.items():
        if name in counts and counts[name].sum() > 0:
            figure.add_bar(
                orientation="h",
                y=list(range(len(counts))),
                x=counts[name].astype(int).tolist(),
                name=look.words,
                marker=marker(look),
                customdata=list(zip(states, machines, strict=True)),
                hovertemplate=f"<b>%{{customdata[0]}}</b> of %{{customdata[1]}}<br>%{{x:,}} {look.words}"
                "<extra></extra>",
            )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(tickformat=",d", rangemode="tozero")
    return rows_laid_out(figure, state_labels(counts.index.to_list()), x_title)


def state_labels(states: list[tuple[str, str]]) -> list[str]:
    """Labels of (machine, state): the state, and its machine where there are several."""
    several = len({machine for machine, _ in states}) > 1
    return [as_label(f"{state} · {machine}" if several else state, 44) for machine, state in states]
