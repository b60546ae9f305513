from __future__ import annotations

from store.charged import Charged, charged
from store.passes import begun_pass
from store.sqlite import Database


def test_what_was_noted_is_charged(db: Database) -> None:
    number = begun_pass(db, "collect", 1)
    assert charged(db) == []
    db.execute("CREATE TABLE IF NOT EXISTS metric_requests (id INTEGER PRIMARY KEY, pass_id, region, metrics, cost)")
    db.execute(
        "INSERT INTO metric_requests (pass_id, region, metrics, cost) VALUES (?, 'r', 40, '0.0004 USD')", [number]
    )
    db.execute("INSERT INTO log_queries (pass_id, region, bytes_scanned) VALUES (?, 'r', 7)", [number])
    assert charged(db) == [Charged(number, 40, "0.0004 USD"), Charged(number, bytes_scanned=7)]
