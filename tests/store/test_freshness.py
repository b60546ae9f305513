from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.executions import ExecutionRow, save_executions
from store.folder import Store, writable_store
from store.freshness import complete_to, execution_counts, freshness, history_counts, newest_coverage
from store.machines import MachineRow, machine_saved
from store.passes import CoverageRow, begun_pass, coverage_saved, finish_pass

DAY = 86_400_000
OCTOBER = 1_790_812_800_000


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with writable_store(tmp_path / "store") as store:
        yield store


def machine(store: Store, name: str) -> int:
    return machine_saved(store.db, MachineRow(f"arn:{name}", name, "STANDARD"), now_ms=1)


def started(store: Store, machine_id: int, at: int, status: str = "SUCCEEDED") -> None:
    save_executions(store.db, [ExecutionRow(machine_id, f"arn:{at}", f"run-{at}", status, at, at + 5)])


def test_an_empty_store_has_no_days(store: Store) -> None:
    fresh = freshness(store.db)
    assert (fresh.first_day_ms, fresh.last_day_ms, fresh.stale_days, fresh.running_kind) == (None, None, 0, None)
    assert not fresh.is_sample


def test_days_are_those_of_the_first_and_the_last_start(store: Store) -> None:
    orders = machine(store, "orders")
    started(store, orders, OCTOBER + 5)
    started(store, orders, OCTOBER + 3 * DAY + 5)
    fresh = freshness(store.db)
    assert (fresh.first_day_ms, fresh.last_day_ms) == (OCTOBER, OCTOBER + 3 * DAY)
    assert fresh.stale_days == 2


def test_an_unknown_start_is_in_no_day(store: Store) -> None:
    save_executions(store.db, [ExecutionRow(machine(store, "orders"), "arn:x", "x", "UNKNOWN", None, None)])
    assert freshness(store.db).first_day_ms is None


def test_a_pass_that_ends_changes_the_version_and_one_that_runs_is_named(store: Store) -> None:
    before = freshness(store.db)
    pass_id = begun_pass(store.db, "demo", 5)
    running = freshness(store.db)
    finish_pass(store.db, pass_id, 6, "complete", "", {}, 0)
    after = freshness(store.db)
    assert len({before.version, running.version, after.version}) == 3
    assert (running.running_kind, after.running_kind) == ("demo", None)
    assert after.is_sample


def test_nothing_changes_the_version_but_a_pass_or_a_fold(store: Store) -> None:
    assert freshness(store.db).version == freshness(store.db).version


def test_the_last_pass_that_tried_a_machine_says_what_is_covered(store: Store) -> None:
    orders, photos = machine(store, "orders"), machine(store, "photos")
    for number, (machine_id, outcome) in enumerate([(photos, "complete"), (orders, "complete"), (orders, "denied")]):
        pass_id = begun_pass(store.db, "collect", number)
        coverage_saved(store.db, CoverageRow(pass_id, "111/eu-west-1", machine_id, "standard", outcome, 0, number))
    assert [(row.machine_id, row.outcome) for row in newest_coverage(store.db)] == [
        (orders, "denied"),
        (photos, "complete"),
    ]


def test_a_listing_stays_complete_to_when_a_later_pass_was_refused(store: Store) -> None:
    orders = machine(store, "orders")
    pass_id = begun_pass(store.db, "collect", 1)
    coverage_saved(store.db, CoverageRow(pass_id, "t", orders, "standard", "complete", 0, 77))
    coverage_saved(store.db, CoverageRow(pass_id, "t", orders, "standard", "denied"))
    assert complete_to(store.db) == {(orders, "standard"): 77}


def test_executions_are_counted_by_machine(store: Store) -> None:
    orders = machine(store, "orders")
    machine(store, "photos")
    started(store, orders, OCTOBER)
    started(store, orders, OCTOBER + 1)
    assert execution_counts(store.db) == {orders: 2}


def test_executions_are_counted_by_what_became_of_their_history(store: Store) -> None:
    orders = machine(store, "orders")
    started(store, orders, OCTOBER)
    started(store, orders, OCTOBER + 1, status="RUNNING")
    assert [tuple(row) for row in history_counts(store.db)] == [("RUNNING", None, 1), ("SUCCEEDED", None, 1)]
