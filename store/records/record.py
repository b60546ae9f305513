"""What a record is."""

from __future__ import annotations

from typing import NamedTuple

from store.schema import Column


class Record(NamedTuple):
    """A table for analyses: the table of the store it needs, its columns, and the SELECT that gives them in order."""

    table: str
    columns: tuple[Column, ...]
    select: str
