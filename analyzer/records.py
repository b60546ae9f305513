"""Small tables of the store beside the facts, read when an analysis asks for one."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from analyzer.frames import frame_from
from store.folder import readable_store
from store.records import record_named, record_names, rows_of

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Lazily(Mapping[_Key, _Value]):
    """A mapping that is made when it is first looked at."""

    def __init__(self, made: Callable[[], Mapping[_Key, _Value]]) -> None:
        self._made = functools.cache(made)

    def __getitem__(self, key: _Key) -> _Value:
        """As of the mapping that is made."""
        return self._made()[key]

    def __iter__(self) -> Iterator[_Key]:
        """As of the mapping that is made."""
        return iter(self._made())

    def __len__(self) -> int:
        """As of the mapping that is made."""
        return len(self._made())


class Records(Mapping[str, pd.DataFrame]):
    """The tables of `store.records` by name, each with its columns and types, and without rows where there are none.

    Without a folder there are those given, and the others are empty. KeyError for a name that no table has.
    """

    def __init__(self, folder: Path | None = None, given: Mapping[str, pd.DataFrame] | None = None) -> None:
        self._folder = folder
        self._read = dict(given or {})

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The rows of the table of that name."""
        if name not in self._read:
            self._read[name] = self._frame(name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        """The names of the tables."""
        return iter(record_names())

    def __len__(self) -> int:
        """How many tables there are."""
        return len(record_names())

    def _frame(self, name: str) -> pd.DataFrame:
        record = record_named(name)
        rows: list[tuple[Any, ...]] = []
        if self._folder is not None:
            with readable_store(self._folder) as store:
                rows = rows_of(store.db, record)
        return frame_from(rows, record.columns)
