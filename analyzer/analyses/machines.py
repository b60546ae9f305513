"""Machines in full."""

from __future__ import annotations

import pandas as pd

from analyzer.columns import MACHINE, count
from analyzer.registry import Facts, analysis
from store.records import record_named
from store.schema import Column

_SHOWN = (
    "machine",
    "region",
    "account",
    "type",
    "revision",
    "versions",
    "aliases",
    "tags",
    "log_level",
    "is_traced",
    "encryption",
    "first_seen_at",
    "deleted_at",
)
_KNOWN = {column.name: column for column in record_named("machines").columns}
COLUMNS: tuple[Column, ...] = (
    *(_KNOWN[name] for name in _SHOWN[:5]),
    count("revisions", "definitions that it had, as far as the store has seen them"),
    *(_KNOWN[name] for name in _SHOWN[5:]),
)


@analysis(counts="executions", columns=COLUMNS)
def machines(facts: Facts) -> pd.DataFrame:
    """Which machines are there, and how is each of them set up?

    One row per machine that was ever listed, deleted ones too, whatever the window. Versions, aliases and tags are read
    by the source `details`; without it they are empty.
    """
    known = facts.records["machines"]
    revisions = facts.records["revisions"].groupby(list(MACHINE)).size().rename("revisions").reset_index()
    rows = known.merge(revisions, how="left", on=list(MACHINE))
    rows["revisions"] = rows["revisions"].fillna(0)
    return rows.sort_values(list(MACHINE), ignore_index=True)
