from __future__ import annotations

from store.log_days import LogDay, LogQuery, save_log_days
from store.machines import MachineRow, machine_saved
from store.passes import begun_pass
from store.records import record_named, rows_of
from store.sqlite import Database


def test_a_day_counted_again_replaces_what_it_was_and_each_query_stays(db: Database) -> None:
    machine = machine_saved(db, MachineRow("arn:m", "빠른", "EXPRESS", "eu-west-1", "1"), 1)
    query = LogQuery(begun_pass(db, "collect", 5), "eu-west-1", "/group", 20_000, 7, 1_000)
    save_log_days(db, [LogDay(machine, 20_000, "FAILED", 1, 10, 10, 10, 10, 10)], query)
    save_log_days(db, [LogDay(machine, 20_000, "FAILED", 2, 30, 10, 20, 20, 20)], query)
    assert rows_of(db, record_named("log_days")) == [
        ("빠른", "eu-west-1", "1", 20_000 * 86_400_000, "FAILED", 2, 30, 10, 20, 20, 20)
    ]
    assert rows_of(db, record_named("log_queries")) == [("eu-west-1", "/group", 7, 1_000)] * 2
