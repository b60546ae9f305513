"""What the money went into: from work to what was in vain, and from machines to their states."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.layout import as_hover, as_label, laid_out, marker
from dashboard.theme import GRAY, NEUTRAL, ORANGE, RED, Look
from dashboard.wording import is_known, share, usd

PURPOSES = {
    "work": Look("work", NEUTRAL),
    "overhead": Look("overhead", GRAY, "/"),
    "retries": Look("retries", ORANGE),
    "redrives": Look("redrives", ORANGE, "/"),
    "failures": Look("failures", RED),
    "lost work": Look("lost work", RED, "/"),
}
"""The purposes of `cost_by_purpose`, from what was wanted to what was in vain."""

HEIGHT_PX = 300
TREE_PX = 440
STATES_IN_TREE = 60


def spending(purposes: pd.DataFrame) -> go.Figure:
    """A waterfall of what the money went into, and its sum, from the rows of `cost_by_purpose`."""
    known = purposes.groupby("purpose")["cost_usd"].sum()
    amounts = {name: float(known.get(name, 0.0)) for name in PURPOSES}
    whole = sum(amounts.values())
    figure, base = go.Figure(), 0.0
    for name, look in PURPOSES.items():
        _step(figure, look, amounts[name], base, whole)
        base += amounts[name]
    _step(figure, Look("in all", NEUTRAL), whole, 0.0, whole)
    figure.update_layout(showlegend=False, barmode="overlay")
    laid_out(figure, HEIGHT_PX, y_title="US dollars, list price")
    figure.update_layout(showlegend=False)
    return figure.update_yaxes(tickprefix="$", rangemode="tozero", tickformat="~g")


def _step(figure: go.Figure, look: Look, amount: float, base: float, whole: float) -> None:
    text = f"{usd(amount)}<br>{share(amount / whole)}" if whole else usd(amount)
    figure.add_bar(
        x=[look.words],
        y=[amount],
        base=[base],
        name=look.words,
        marker=marker(look),
        text=[text],
        textposition="outside",
        cliponaxis=False,
        width=0.62,
        hovertemplate=f"{text} {look.words}<extra></extra>",
    )


class Tile(NamedTuple):
    """A rectangle of the tree: what it is called, within which other one, and what it costs."""

    id: str
    label: str
    within: str
    words: str
    usd: float
    colour: str


def spending_tree(states: pd.DataFrame, rows: int = STATES_IN_TREE) -> go.Figure:
    """Machines, and in them their states, as large as what they cost, from the rows of `cost_by_state`."""
    known = states[states["cost_usd"] > 0]
    tiles = list(_tiles(known.head(rows), float(known["cost_usd"].sum())))
    whole = float(known["cost_usd"].sum())
    figure = go.Figure()
    figure.add_treemap(
        ids=[tile.id for tile in tiles],
        labels=[tile.label for tile in tiles],
        parents=[tile.within for tile in tiles],
        values=[tile.usd for tile in tiles],
        branchvalues="total",
        customdata=[(tile.words, usd(tile.usd), share(tile.usd / whole)) for tile in tiles],
        texttemplate="%{label}<br>%{customdata[1]}",
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}, %{customdata[2]} of all<extra></extra>",
        marker={"colors": [tile.colour for tile in tiles], "line": {"width": 1, "color": "rgba(255,255,255,0.6)"}},
        textfont={"color": "white"},
        pathbar={"visible": False},
        tiling={"pad": 2},
    )
    return figure.update_layout(height=TREE_PX, margin={"l": 0, "r": 0, "t": 8, "b": 0}, hoverlabel={"align": "left"})


def _tiles(top: pd.DataFrame, whole: float) -> Iterator[Tile]:
    """The machines, their states, and one tile for all states that are not shown."""
    machines: dict[str, str] = {}
    for number, (machine, rows) in enumerate(top.groupby("machine", sort=False)):
        machines[str(machine)] = f"m{number}"
        yield Tile(f"m{number}", as_label(machine), "", as_hover(machine), float(rows["cost_usd"].sum()), NEUTRAL)
    for number, row in enumerate(top.to_dict("records")):
        words = f"{as_hover(row['state'])} of {as_hover(row['machine'])}"
        yield Tile(f"s{number}", as_label(row["state"]), machines[row["machine"]], words, row["cost_usd"], _colour(row))
    rest = whole - float(top["cost_usd"].sum())
    if rest > 0:
        yield Tile("rest", "all other states", "", "all other states", rest, GRAY)


def _colour(row: Mapping[Hashable, Any]) -> str:
    """Red where most of a state's cost failed, orange where most of it is retries or failures."""
    failed, retried = (row[name] if is_known(row[name]) else 0.0 for name in ("failure_cost_usd", "retry_cost_usd"))
    if failed > row["cost_usd"] / 2:
        return RED
    return ORANGE if failed + retried > row["cost_usd"] / 4 else NEUTRAL
