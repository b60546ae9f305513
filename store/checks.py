"""What SQLite's own checks cannot see: whether the histories in the store can be read."""

from __future__ import annotations

from collections.abc import Iterator

from store.errors import StoreDamagedError
from store.histories import unpacked
from store.sqlite import Database


def unreadable_histories(db: Database) -> Iterator[str]:
    """The ARNs of the executions whose stored history cannot be read."""
    rows = db.execute(
        "SELECT e.arn, h.events FROM histories h JOIN executions e ON e.id = h.execution_id ORDER BY e.id"
    )
    for arn, events in rows:
        try:
            unpacked(events)
        except StoreDamagedError:
            yield str(arn)
