"""Tables on a page, each with its CSV."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from analyzer.frames import plain_type
from dashboard import cells
from dashboard.glossary import term_of
from dashboard.grid import outcome_of
from dashboard.links import glossary_url
from dashboard.theme import RED, tint
from dashboard.wording import NOTHING, ago, count, counted
from store.exports import export_table
from store.schema import Column

ROWS_SHOWN = 500
ROW_PX = 30
GRID_ROWS = 24
"""Rows of a grid seen at once."""
NAME_BEHIND_HASH = r"#(.*)$"
LINK = "show"
BARS = frozenset({"failures_by_day", "executions_by_day"})
TINTED = ("status", "outcome", "role", "handled", "phase", "severity", "verdict", "level")


def csv_bytes(frame: pd.DataFrame, columns: Sequence[Column]) -> bytes:
    """The table as the CSV that `stepscope report` would write."""
    schema = pa.schema([(column.name, plain_type(column)) for column in columns])
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        export_table(table, columns, path)
        return path.read_bytes()


def drawn_table(
    name: str,
    frame: pd.DataFrame,
    columns: Sequence[Column],
    now_ms: int | None,
    shown: Sequence[str] = (),
    link: Callable[[pd.Series], str | None] | None = None,
) -> None:
    """A table under its name, with its CSV: the columns `shown` and, when a row leads somewhere, a `link` to there.

    Times are also told as the distance from `now_ms`, unless that is None.

    The other columns can be switched on in the table's own menu; the CSV has all of them, and all rows.
    """
    top = frame.head(ROWS_SHOWN)
    by_name = {column.name: column for column in columns}
    drawn = {name: cells.shown(column, top[name], now_ms) for name, column in by_name.items()}
    config = {name: _config(by_name[name], drawn[name]) for name in by_name}
    data = pd.DataFrame({name: column.cells for name, column in drawn.items()})
    order = list(shown or by_name)
    for days in by_name.keys() & BARS:
        data[days] = cells.bars(data[days])
        config[days] = st.column_config.BarChartColumn(
            "per day", help=by_name[days].meaning, y_min=0, color=RED, width=110
        )
    if link is not None:
        data[LINK] = pd.Series([link(row) for _, row in top.iterrows()], index=top.index, dtype="string")
        config[LINK] = _link_config(named="execution_arn" in order)
        order = [LINK, *(name for name in order if name != "execution_arn")]
    tinted: list[Hashable] = [column for column in TINTED if column in data]
    st.dataframe(
        data.style.map(tint, subset=tinted) if tinted else data,
        hide_index=True,
        column_order=order,
        column_config=config,
        placeholder=NOTHING,
        row_height=ROW_PX,
        key=f"table-{name}",
        alt=name.replace("_", " "),
    )
    is_whole = len(frame) <= ROWS_SHOWN
    remark = "" if is_whole else f"The table shows the first {count(ROWS_SHOWN)} rows; the CSV has all."
    csv_button(name, frame, columns, remark)


def _config(column: Column, drawn: cells.Shown) -> ColumnConfig:
    meaning = _with_glossary(column)
    if drawn.format is None:
        return st.column_config.TextColumn(drawn.heading, help=meaning, width=cells.text_width(drawn))
    return st.column_config.NumberColumn(drawn.heading, help=meaning, format=drawn.format)


def _with_glossary(column: Column) -> str:
    """What the column means, and a link to its word in the glossary, if it is one."""
    term = term_of(column.name)
    unit = ", UTC" if column.is_time else ""
    return column.meaning + unit + (f" ([{term}]({glossary_url(term)}))" if term else "")


def _link_config(*, named: bool) -> ColumnConfig:
    if named:
        return st.column_config.LinkColumn("execution", help="opens this execution", display_text=NAME_BEHIND_HASH)
    return st.column_config.LinkColumn(" ", help="opens what is behind this row", display_text="show", width=54)


def drawn_grid(table: pd.DataFrame, states: Mapping[str, str], link: Callable[[str], str], now_ms: int) -> None:
    """Executions under each other, with a column for each of the `states`; a `link` leads to each execution."""
    drawn = table.assign(
        execution_arn=[link(arn) for arn in table["execution_arn"]],
        started_at=[ago(at, now_ms) for at in table["started_at"]],
    )
    cells = drawn.style.map(lambda cell: tint(outcome_of(cell)), subset=[*states]).map(tint, subset=["status"])
    st.dataframe(
        cells,
        hide_index=True,
        row_height=ROW_PX,
        placeholder="",
        height=min(len(table) + 1, GRID_ROWS) * ROW_PX + 8,
        key="table-grid",
        alt="executions by state",
        column_config={
            "execution_arn": _link_config(named=True),
            "started_at": st.column_config.TextColumn("started", width=100),
            "status": st.column_config.TextColumn("status", width=100),
            **{column: st.column_config.TextColumn(state, width=110) for column, state in states.items()},
        },
    )


def csv_button(name: str, frame: pd.DataFrame, columns: Sequence[Column], remark: str = "") -> None:
    """What downloads a table as a file, and a remark beside it."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.download_button(
            f"Download CSV, {counted(len(frame), 'row')}",
            data=lambda: csv_bytes(frame, columns),
            file_name=f"{name}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"csv-{name}",
            type="tertiary",
            icon=":material/download:",
        )
        if remark:
            st.caption(remark)
