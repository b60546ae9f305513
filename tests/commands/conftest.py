"""Stores that are filled once and only read by tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.dumps import written
from tests.commands.running import done, ran


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of two executions, imported and folded."""
    folder = tmp_path_factory.mktemp("imported")
    done(ran("import", written(folder), "--store", folder / "store"))
    return folder / "store"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the sample data, whose last run was on 2026-10-02."""
    folder = tmp_path_factory.mktemp("sample") / "store"
    done(ran("demo", "--no-dashboard", "--now", "2026-10-03", "--store", folder))
    return folder
