"""Stores that pages are drawn from: made once, never written by a page."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.folder import writable_store
from tests.dashboard.stores import filled_store


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled_store(tmp_path_factory.mktemp("filled") / "store")


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty") / "store"
    with writable_store(folder):
        return folder
