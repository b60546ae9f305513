from __future__ import annotations

import pytest

from store.executions import ExecutionRow, HistoryRow, note_history, save_executions, save_histories
from store.migrations import MS_PER_DAY as DAY
from store.retention import Expiring, Retention, expiring, note_gone_by, retentions
from store.sqlite import Database

NOW = 1_790_812_800_000
WEEKS = 14 * DAY


def stopped(db: Database, machine: int, name: str, days_ago: float, status: str = "SUCCEEDED") -> None:
    at = round(NOW - days_ago * DAY)
    save_executions(db, [ExecutionRow(machine, f"arn:{name}", name, status, at - 9, at)])


def test_the_shortest_retention_is_kept(db: Database, orders: int) -> None:
    for days in (60, 40, 50):
        note_gone_by(db, orders, days * DAY, NOW + days)
    assert retentions(db) == [Retention("111122223333", "eu-west-1", 40 * DAY, NOW + 40)]


@pytest.mark.parametrize("days", [5, 90, 200])
def test_what_is_no_retention_teaches_nothing(db: Database, orders: int, days: int) -> None:
    note_gone_by(db, orders, days * DAY, NOW)
    assert retentions(db) == []


def test_what_is_not_fetched_expires_ninety_days_after_its_stop(db: Database, orders: int) -> None:
    for name, days in {"young": 70, "old": 80, "older": 89, "gone": 91}.items():
        stopped(db, orders, name, days, "FAILED" if name == "old" else "SUCCEEDED")
    assert expiring(db, NOW, WEEKS) == [Expiring("orders", "eu-west-1", "111122223333", 2, 1, NOW + DAY)]


def test_a_shorter_retention_counts(db: Database, orders: int) -> None:
    stopped(db, orders, "young", 30)
    note_gone_by(db, orders, 40 * DAY, NOW)
    assert [row.first_at for row in expiring(db, NOW, WEEKS)] == [NOW + 10 * DAY]


def test_what_is_fetched_or_known_to_be_gone_does_not_expire(db: Database, orders: int) -> None:
    stopped(db, orders, "fetched", 85)
    save_histories(db, [HistoryRow("arn:fetched", b"events", 5, 5, NOW - 85 * DAY, 0)], 1)
    stopped(db, orders, "gone", 85)
    note_history(db, 2, "expired")
    assert expiring(db, NOW, WEEKS) == []
