from __future__ import annotations

import pytest

from store.executions import ExecutionRow, HistoryRow, MapRunRow, save_executions, save_histories, save_map_runs
from store.migrations import MS_PER_DAY as DAY
from store.passes import CoverageRow, begun_pass, coverage_saved, finish_pass, listed_span
from store.pruning import KINDS, old_rows, prune
from store.sqlite import Database

DAYS = 20_000
AT = DAYS * DAY


def ended(db: Database, machine: int, name: str, day: int, status: str = "SUCCEEDED") -> None:
    save_executions(db, [ExecutionRow(machine, f"arn:{name}", name, status, day * DAY, day * DAY + 9)])
    if status != "RUNNING":
        save_histories(db, [HistoryRow(f"arn:{name}", b"events", 5, 5, day * DAY + 9, 0)], 1)


def folded(db: Database) -> None:
    """As if all days were folded now."""
    db.execute("INSERT OR REPLACE INTO fact_days (day) SELECT DISTINCT day FROM executions")
    db.execute("DELETE FROM stale_days")


def names(db: Database) -> list[str]:
    return [row[0] for row in db.execute("SELECT name FROM executions ORDER BY id")]


@pytest.mark.parametrize("kind", ["histories", "executions"])
def test_whole_days_before_the_moment_go(db: Database, orders: int, kind: str) -> None:
    for day in (DAYS - 2, DAYS - 1, DAYS):
        ended(db, orders, f"{day}", day)
    folded(db)
    assert old_rows(db, kind, AT + DAY - 1) == prune(db, kind, AT + DAY - 1) == 2
    assert old_rows(db, kind, AT + DAY - 1) == 0
    assert [row[0] for row in db.execute("SELECT execution_id FROM histories")] == [3]


@pytest.mark.parametrize("kind", ["histories", "executions"])
def test_what_is_not_folded_is_never_touched(db: Database, orders: int, kind: str) -> None:
    ended(db, orders, "folded", DAYS)
    folded(db)
    ended(db, orders, "not yet", DAYS)
    ended(db, orders, "new", DAYS + 1)
    assert prune(db, kind, AT + 10 * DAY) == 0


def test_pruned_histories_make_no_day_stale(db: Database, orders: int) -> None:
    ended(db, orders, "one", DAYS)
    folded(db)
    prune(db, "histories", AT + DAY)
    assert list(db.execute("SELECT day FROM stale_days")) == []


def test_what_has_not_ended_or_has_no_known_start_stays(db: Database, orders: int) -> None:
    ended(db, orders, "runs", DAYS, "RUNNING")
    save_executions(db, [ExecutionRow(orders, "arn:unknown", "unknown", "SUCCEEDED", None, None)])
    folded(db)
    assert prune(db, "executions", AT + DAY) == 0
    assert names(db) == ["runs", "unknown"]


def test_what_belongs_to_an_execution_goes_with_it(db: Database, orders: int) -> None:
    ended(db, orders, "one", DAYS)
    save_map_runs(db, [MapRunRow("arn:map", 1, "SUCCEEDED", None, None, 1, 1, 0)])
    folded(db)
    assert prune(db, "executions", AT + DAY) == 1
    assert [db.table(name).count for name in ("executions", "histories", "map_runs")] == [0, 0, 0]
    assert [row[0] for row in db.execute("SELECT day FROM stale_days")] == [DAYS]


def passed(db: Database, machine: int, at: int, listed_to: int | None) -> None:
    number = begun_pass(db, "collect", at)
    listed_from = None if listed_to is None else 0
    coverage_saved(db, CoverageRow(number, "t", machine, "standard", "complete", listed_from, listed_to))
    finish_pass(db, number, at + 1, "complete", "", {}, 0)


def test_old_passes_go_but_those_that_hold_the_watermark(db: Database, orders: int) -> None:
    for at, listed_to in ((AT, 100), (AT + 1, 200), (AT + 2, None), (AT + 3, None), (AT + DAY, None)):
        passed(db, orders, at, listed_to)
    assert prune(db, "passes", AT + DAY) == 3
    span = listed_span(db, orders, "standard")
    assert span is not None
    assert span.last == 200
    assert [row[0] for row in db.execute("SELECT id FROM passes ORDER BY id")] == [2, 5]
    assert list(db.execute("PRAGMA foreign_key_check")) == []


def test_old_metrics_go_where_there_are_any(db: Database) -> None:
    db.execute("CREATE TABLE IF NOT EXISTS metric_points (series_id, at, period_s, value)")
    db.execute("PRAGMA foreign_keys = OFF")
    for at in (AT // 1_000 - 1, AT // 1_000):
        db.execute("INSERT INTO metric_points (series_id, at, period_s, value) VALUES (1, ?, 60, 1.0)", [at])
    assert prune(db, "metrics", AT) == 1
    assert [row[0] for row in db.execute("SELECT at FROM metric_points")] == [AT // 1_000]


def test_every_kind_says_what_becomes_of_the_facts() -> None:
    assert all(kind.consequence for kind in KINDS.values())
