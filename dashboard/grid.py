"""The grid: executions under each other, states beside each other, in each cell what became of the state. Pure."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from dashboard.filters import Filters
from dashboard.wording import as_code, counted, is_known

TROUBLE = ["failed", "caught", "retried"]

WORDS = {"succeeded": "ok", "failed": "failed", "caught": "caught", "retried": "ok", "running": "running"}
"""How an outcome is told in a cell. A state that was retried and then succeeded is ok, and says how often it was."""


class Grid(NamedTuple):
    """The table, and which state each of its columns `0`, `1`, .. is: a state may have any name, also one of ours."""

    table: pd.DataFrame
    states: dict[str, str]


def grid(cells: pd.DataFrame) -> Grid:
    """One row per execution, the newest first: its ARN, start and status, and a column for each state.

    States stand in the order in which executions first try them. `cells` are rows of `execution_grid` of one machine.
    A state that an execution did not enter is an empty cell.
    """
    told = cells.assign(cell=[_told(*row) for row in cells[["outcome", "visits", "retries"]].itertuples(index=False)])
    order = told.groupby("state")["first_event_id"].median().sort_values(kind="stable").index
    states = {str(number): str(state) for number, state in enumerate(order)}
    table = told.pivot_table(index="execution_arn", columns="state", values="cell", aggfunc="first")[[*order]]
    heads = told.drop_duplicates("execution_arn").set_index("execution_arn")[["started_at", "status"]]
    joined = heads.join(table.set_axis([*states], axis=1)).reset_index()
    newest = joined.sort_values(["started_at", "execution_arn"], ascending=[False, True], ignore_index=True)
    return Grid(newest, states)


def grid_seen(cells: pd.DataFrame, machine: str, filters: Filters) -> str:
    """The answer as a sentence."""
    executions = cells["execution_arn"].nunique()
    if not executions:
        return f"{as_code(machine)} ran no execution {filters.words}{filters.narrowing}."
    of_all = f"the newest **{counted(executions, 'execution')}** of {as_code(machine)} {filters.words}"
    worst = troubled(cells)
    state = worst.index[0]
    failed, caught, retried = (int(worst.loc[state, name]) for name in TROUBLE)
    if not failed + caught + retried:
        return f"In {of_all} nothing failed and nothing was retried."
    parts = [f"failed in {failed:,}", f"was caught in {caught:,}", f"went on after a retry in {retried:,}"]
    told = [part for part, times in zip(parts, (failed, caught, retried), strict=True) if times]
    return f"Of {of_all}, {as_code(state)} {' and '.join(told)}: more than any other state."


def _told(outcome: str, visits: int, retries: int) -> str:
    more = [f"{visits:,} ×"] if visits > 1 else []
    more += [counted(retries, "retry", "retries")] if retries else []
    return ", ".join([WORDS.get(outcome, outcome), *more])


def outcome_of(cell: object) -> str:
    """The outcome that a cell tells; empty for one that was not entered."""
    if not is_known(cell):
        return ""
    word, _, more = str(cell).partition(", ")
    return "retried" if word == "ok" and "retr" in more else word


def troubled(cells: pd.DataFrame) -> pd.DataFrame:
    """By state, in how many of the executions it failed or was retried, the worst first."""
    counts = cells.pivot_table(index="state", columns="outcome", values="visits", aggfunc="count", fill_value=0)
    return counts.reindex(columns=TROUBLE, fill_value=0).sort_values(TROUBLE, ascending=False, kind="stable")
