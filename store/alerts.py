"""Findings that were told to somebody and are not over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from store.sqlite import Database


def told_alerts(db: Database) -> dict[str, str]:
    """What was told of each finding that lasts, by its key."""
    return {str(key): str(sentence) for key, sentence in db.execute("SELECT key, sentence FROM alerts ORDER BY key")}


def note_alerts(db: Database, told: Mapping[str, str], over: Iterable[str], now_ms: int) -> None:
    """Note what has been told now, and forget what is over."""
    with db.atomic():
        for key in over:
            db.execute("DELETE FROM alerts WHERE key = ?", [key])
        for key, sentence in told.items():
            db.execute(
                "INSERT OR REPLACE INTO alerts (key, sentence, told_at) VALUES (?, ?, ?)", [key, sentence, now_ms]
            )
