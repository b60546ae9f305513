"""How much room a store takes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Sizes(NamedTuple):
    """Bytes on disk: of the record with its journal, and of the facts."""

    record: int
    facts: int


def sizes(folder: Path) -> Sizes:
    """What a store's folder takes; a file that goes away meanwhile takes nothing."""
    return Sizes(
        sum(_bytes(path) for path in folder.glob("store.db*")),
        sum(_bytes(path) for path in (folder / "facts").rglob("*.parquet")),
    )


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
