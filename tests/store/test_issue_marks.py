from __future__ import annotations

from pathlib import Path

from store.folder import writable_store
from store.issue_marks import MUTED, RESOLVED, mark_issue, unmark_issue
from store.records import record_named, rows_of


def test_the_last_mark_of_an_issue_holds_until_it_is_taken_away(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        mark_issue(store.db, "a1", RESOLVED, 5)
        mark_issue(store.db, "a1", MUTED, 7, 100)
        assert rows_of(store.db, record_named("issue_marks")) == [("a1", "muted", 100, 7)]
        assert unmark_issue(store.db, "a1")
        assert not unmark_issue(store.db, "a1")
        assert rows_of(store.db, record_named("issue_marks")) == []
