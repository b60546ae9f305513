from __future__ import annotations

from pathlib import Path

from store.alerts import note_alerts, told_alerts
from store.folder import writable_store


def test_what_was_told_is_kept_until_it_is_over(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        note_alerts(store.db, {"a": "too slow", "b": "too dear"}, [], 5)
        note_alerts(store.db, {"b": "dearer"}, ["a"], 7)
        assert told_alerts(store.db) == {"b": "dearer"}
