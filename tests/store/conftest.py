from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.folder import writable_store
from store.machines import MachineRow, machine_saved
from store.sqlite import Database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """The database of a store that is new."""
    with writable_store(tmp_path / "store") as store:
        yield store.db


@pytest.fixture
def orders(db: Database) -> int:
    """The id of the one machine known to it."""
    return machine_saved(db, MachineRow("arn:orders", "orders", "STANDARD", "eu-west-1", "111122223333"), 1)
