"""Small tables of the store that analyses may look at beside the facts: a module each, found by being there.

A module here defines `RECORD`; its name is the name of the table for the analyses.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

from store.records.record import Record
from store.sqlite import Database

__all__ = ["Record", "record_named", "record_names", "rows_of"]


def record_names() -> list[str]:
    """The names of all such tables, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name != "record")


def record_named(name: str) -> Record:
    """The columns and the question of one of them. Raises KeyError for a name that none has."""
    if name not in record_names():
        raise KeyError(name)
    found: Record = import_module(f"{__name__}.{name}").RECORD
    return found


def rows_of(db: Database, record: Record) -> list[tuple[Any, ...]]:
    """Its rows, in the order of its columns; none when the store is from before its table was."""
    known = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [record.table]).fetchone()
    return list(db.execute(record.select)) if known else []
