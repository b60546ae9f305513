from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import FileUnreadableError, StoreUnwritableError
from store.prices import keep_prices, kept_prices


def test_what_is_kept_is_read_again_and_replaces_what_was(tmp_path: Path) -> None:
    folder = tmp_path / "not yet"
    assert kept_prices(folder) is None
    keep_prices(folder, b"[1]")
    assert keep_prices(folder, b"[2]").name == "prices.json"
    assert kept_prices(folder) == b"[2]"
    assert [path.name for path in folder.iterdir()] == ["prices.json"]


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "prices.json").mkdir()
    with pytest.raises(FileUnreadableError):
        kept_prices(tmp_path)
    with pytest.raises(StoreUnwritableError):
        keep_prices(tmp_path, b"")
