"""Where time went, which ways were taken, and what changed."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.layout import as_hover, as_label, marker, rows_laid_out
from dashboard.figures.states import stacked
from dashboard.theme import GREEN, ORANGE, PART_LOOKS, RED, Look
from dashboard.wording import duration, share

ROWS = 15
MACHINE = ["machine", "region", "account"]


def parts_of_machines(parts: pd.DataFrame, rows: int = ROWS) -> go.Figure:
    """The parts of each machine's time as shares, the machine that takes most first; rows of `time_breakdown`."""
    spent = parts[parts["part"] != "idle"].fillna(dict.fromkeys(MACHINE, ""))
    machines = list(dict.fromkeys(spent[MACHINE].itertuples(index=False, name=None)))[:rows]
    figure = go.Figure()
    for part, look in PART_LOOKS.items():
        of_part = spent[spent["part"] == part].set_index(MACHINE)
        cells = [of_part.loc[machine] for machine in machines]
        figure.add_bar(
            orientation="h",
            y=list(range(len(machines))),
            x=[float(cell["time_share"]) if pd.notna(cell["time_share"]) else 0.0 for cell in cells],
            name=look.words,
            marker=marker(look),
            customdata=[
                (as_hover(machine[0]), duration(cell["time_ms"]), share(cell["time_share"]))
                for machine, cell in zip(machines, cells, strict=True)
            ],
            hovertemplate=f"<b>%{{customdata[0]}}</b><br>{look.words}: %{{customdata[1]}}, %{{customdata[2]}}"
            "<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_xaxes(tickformat=".0%", range=[0, 1])
    return rows_laid_out(
        figure, [as_label(machine[0]) for machine in machines], "of the duration, on the critical path"
    )


ENDINGS = {"failed": Look("failed", RED), "clean": Look("did not fail", GREEN)}


def executions_of_variants(paths: pd.DataFrame, rows: int = ROWS) -> go.Figure:
    """The ways taken most, by how the executions ended; rows of `paths`."""
    top = paths.head(rows)
    counts = pd.DataFrame(
        {"failed": top["failed"].tolist(), "clean": (top["executions"] - top["failed"]).tolist()},
        index=pd.MultiIndex.from_arrays([top["machine"], top["variant"]]),
    )
    return stacked(counts, ENDINGS, "executions")


def changed_measures(changes: pd.DataFrame, rows: int = ROWS) -> go.Figure:
    """What each measure is of what it was before, with the interval around it; rows of `changes`."""
    known = changes[changes["before"] > 0].head(rows)
    figure = go.Figure()
    for verdict, look in (("worse", Look("worse", RED)), ("better", Look("better", GREEN))):
        own = [(number, row) for number, (_, row) in enumerate(known.iterrows()) if row["verdict"] == verdict]
        ratios = [float(row["after"] / row["before"]) for _, row in own]
        figure.add_scatter(
            x=ratios,
            y=[number for number, _ in own],
            mode="markers",
            name=look.words,
            marker={"color": look.colour, "size": 10, "symbol": "diamond" if verdict == "worse" else "circle"},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [
                    float(row["after_high"] / row["before"]) - at for (_, row), at in zip(own, ratios, strict=True)
                ],
                "arrayminus": [
                    at - float(row["after_low"] / row["before"]) for (_, row), at in zip(own, ratios, strict=True)
                ],
                "color": look.colour,
            },
            hovertemplate="%{x:.2f} times what it was<extra></extra>",
        )
    figure.add_vline(x=1, line_width=1, opacity=0.5)
    figure.update_xaxes(rangemode="tozero", ticksuffix=" ×")
    labels = [as_label(f"{row['measure']} · {_whose(row)}", 48) for _, row in known.iterrows()]
    return rows_laid_out(figure, labels, "times what it was before the change")


def _whose(row: pd.Series) -> str:
    return str(row["state"] if pd.notna(row["state"]) and row["change"] == "deploy" else row["machine"])


LEVEL_LOOKS = {"critical": Look("critical", RED), "warning": Look("warning", ORANGE), "ok": Look("ok", GREEN)}


def used_of_limits(runway: pd.DataFrame, rows: int = ROWS) -> go.Figure:
    """What part of each limit is used, the nearest first; rows of `runway`."""
    top = runway.head(rows)
    figure = go.Figure()
    for level, look in LEVEL_LOOKS.items():
        own = [(number, row) for number, (_, row) in enumerate(top.iterrows()) if row["level"] == level]
        figure.add_bar(
            orientation="h",
            y=[number for number, _ in own],
            x=[float(row["used_share"]) for _, row in own],
            name=look.words,
            marker=marker(look),
            hovertemplate="%{x:.1%} of the limit<extra></extra>",
        )
    figure.update_layout(barmode="overlay")
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    labels = [as_label(f"{_words(row['limit_name'])} · {_place(row)}", 48) for _, row in top.iterrows()]
    return rows_laid_out(figure, labels, "of the limit")


def _words(name: object) -> str:
    return str(name).replace("_", " ")


def _place(row: pd.Series) -> str:
    return str(row["machine"] if pd.notna(row["machine"]) else row["region"])
