"""What a person decided about an issue: muted until it happens so often again, or resolved."""

from __future__ import annotations

from store.sqlite import Database


def migrate(db: Database) -> None:
    """Bring a store of the step before to this one."""
    db.table("issue_marks").create(
        {"issue": str, "mark": str, "until_executions": int, "marked_at": int},
        pk="issue",
        not_null={"mark", "marked_at"},
    )
