"""What a person decided about an issue, kept beside the record: no pass and no fold touches it."""

from __future__ import annotations

from store.sqlite import Database

MUTED, RESOLVED = "muted", "resolved"


def mark_issue(db: Database, issue: str, mark: str, now_ms: int, until_executions: int | None = None) -> None:
    """Mark an issue; a mark that it had is replaced."""
    with db.atomic():
        db.execute(
            "INSERT OR REPLACE INTO issue_marks (issue, mark, until_executions, marked_at) VALUES (?, ?, ?, ?)",
            [issue, mark, until_executions, now_ms],
        )


def unmark_issue(db: Database, issue: str) -> bool:
    """Take an issue's mark away; whether it had one."""
    with db.atomic():
        return bool(db.execute("DELETE FROM issue_marks WHERE issue = ?", [issue]).rowcount)
