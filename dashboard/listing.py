"""The list of executions: the newest that were asked for, and how many there are. Pure, from facts to a table."""

from __future__ import annotations

from typing import NamedTuple

import narwhals as nw
import pandas as pd

from analyzer.expressions import is_failure
from analyzer.frames import collected, frame_of
from analyzer.registry import Facts
from store.quantiles import Table
from store.schema import EXECUTIONS

SHOWN = (
    "execution_arn machine status root_state error started_at duration_ms attempts retries cost_usd masked_failure "
    "completeness"
).split()
COLUMNS = tuple(column for name in SHOWN for column in EXECUTIONS if column.name == name)
ROWS_SHOWN = 200


class Wanted(NamedTuple):
    """Which executions to list: those in which `state` failed, with `error`, and whose ARN holds `text`.

    What is empty does not narrow. `only_masked` keeps those that succeeded although something in them failed.
    """

    state: str = ""
    error: str = ""
    text: str = ""
    only_masked: bool = False


class Listed(NamedTuple):
    """The newest executions, in the columns `COLUMNS`, and how many were wanted altogether."""

    frame: pd.DataFrame
    total: int


def newest(facts: Facts, wanted: Wanted, rows: int = ROWS_SHOWN) -> Listed:
    """The newest executions that are wanted, the newest first."""
    table = matching(facts, wanted)
    total = int(collected(table.select(total=nw.len()))["total"].iloc[0])
    ordered = table.sort("started_at", "execution_arn", descending=[True, False], nulls_last=True).head(rows)
    return Listed(frame_of(ordered, COLUMNS), total)


def matching(facts: Facts, wanted: Wanted) -> Table:
    """The executions that are wanted, in no order."""
    table = facts.executions
    if wanted.only_masked:
        table = table.filter(nw.col("masked_failure"))
    if wanted.text:
        table = table.filter(nw.col("execution_arn").str.contains(wanted.text, literal=True))
    if not wanted.state and not wanted.error:
        return table
    return table.join(_failures(facts, wanted), on="execution_id", how="semi")


def _failures(facts: Facts, wanted: Wanted) -> Table:
    """The attempts that failed in the wanted state, with the wanted error."""
    failed = facts.attempts.filter(is_failure)
    if wanted.state:
        failed = failed.filter(nw.col("state") == wanted.state)
    if wanted.error:
        failed = failed.filter(nw.col("error") == wanted.error)
    return failed.select("execution_id")
