from __future__ import annotations

from collections.abc import Iterator

import pytest

from store.executions import (
    ExecutionRow,
    HistoryRow,
    MapRunRow,
    day_of,
    executions_named,
    kept_between,
    kept_execution,
    map_runs_between,
    map_runs_of,
    note_gone,
    note_history,
    save_executions,
    save_histories,
    save_map_runs,
    set_revisions,
)
from store.machines import RevisionRow, revision_saved
from store.migrations import MS_PER_DAY
from store.sqlite import Database
from tests.store.contents import all_folded, column, contents, stale_days

DAY = 20_727
"""2026-10-01"""

AT = DAY * MS_PER_DAY + 5_000


def listed(
    machine: int,
    name: str = "one",
    *,
    status: str = "SUCCEEDED",
    started_at: int | None = AT,
    stopped_at: int | None = AT + 9,
    redrives: int = 0,
    error: str | None = None,
    version: str | None = None,
) -> ExecutionRow:
    return ExecutionRow(
        machine, f"arn:{name}", name, status, started_at, stopped_at, redrives, version=version, error=error
    )


def history(
    name: str = "one",
    *,
    events: bytes = b"events",
    count: int = 5,
    last: int = 5,
    stopped_at: int | None = AT + 9,
    redrives: int = 0,
    map_runs: tuple[tuple[str, int], ...] = (),
) -> HistoryRow:
    return HistoryRow(f"arn:{name}", events, count, last, stopped_at, redrives, map_runs)


def id_of(db: Database, name: str = "one") -> int:
    kept = kept_execution(db, f"arn:{name}")
    assert kept is not None
    return kept.id


def notes(db: Database) -> list[tuple[str | None, int | None, int | None]]:
    return [(row["history"], row["history_stopped_at"], row["history_redrives"]) for row in db.table("executions").rows]


@pytest.fixture
def one(db: Database, orders: int) -> Database:
    """A store with one finished execution, all of whose days are folded."""
    save_executions(db, [listed(orders)])
    all_folded(db)
    return db


def test_a_listing_that_says_nothing_new_touches_no_row(one: Database, orders: int) -> None:
    before, writes = contents(one), one.conn.total_changes
    save_executions(one, [listed(orders), listed(orders)])
    assert (contents(one), one.conn.total_changes) == (before, writes)
    assert stale_days(one) == []


def test_an_execution_that_ended_is_brought_up_to_date(db: Database, orders: int) -> None:
    save_executions(db, [listed(orders, status="RUNNING", stopped_at=None)])
    save_executions(db, [listed(orders, status="FAILED", error="Broken")])
    [kept] = kept_between(db, DAY, 0, 99)
    assert (kept.status, kept.stopped_at, kept.error) == ("FAILED", AT + 9, "Broken")


def test_a_redriven_execution_has_no_stop_again(one: Database, orders: int) -> None:
    save_executions(one, [listed(orders, status="RUNNING", stopped_at=None, redrives=1)])
    [kept] = kept_between(one, DAY, 0, 99)
    assert (kept.status, kept.stopped_at, kept.redrives) == ("RUNNING", None, 1)


def test_what_only_a_description_tells_outlives_the_next_listing(db: Database, orders: int) -> None:
    save_executions(db, [listed(orders, error="Broken", version="7")])
    save_executions(db, [listed(orders)])
    [kept] = kept_between(db, DAY, 0, 99)
    assert (kept.error, kept.version) == ("Broken", "7")


def test_only_the_day_of_what_changed_becomes_stale(db: Database, orders: int) -> None:
    save_executions(db, [listed(orders), listed(orders, "next", started_at=AT + MS_PER_DAY)])
    all_folded(db)
    save_executions(db, [listed(orders, status="FAILED"), listed(orders, "next", started_at=AT + MS_PER_DAY)])
    assert stale_days(db) == [DAY]


def test_an_execution_that_moves_makes_both_its_days_stale(one: Database, orders: int) -> None:
    save_executions(one, [listed(orders, started_at=AT - MS_PER_DAY)])
    assert stale_days(one) == [DAY - 1, DAY]


def test_all_or_nothing_of_a_page_is_saved(db: Database, orders: int) -> None:
    def torn_page() -> Iterator[ExecutionRow]:
        yield listed(orders)
        raise ConnectionError

    before = contents(db)
    with pytest.raises(ConnectionError):
        save_executions(db, torn_page())
    assert contents(db) == before


@pytest.mark.parametrize(("at", "day"), [(None, 0), (0, 0), (MS_PER_DAY - 1, 0), (MS_PER_DAY, 1), (AT, DAY)])
def test_days_are_utc_days_and_an_unknown_start_stands_in_the_first(at: int | None, day: int) -> None:
    assert day_of(at) == day


def test_a_history_is_noted_with_the_stop_and_redrives_that_it_reaches(one: Database) -> None:
    save_histories(one, [history(redrives=2)], 77)
    assert notes(one) == [("saved", AT + 9, 2)]
    [kept] = kept_between(one, DAY, 0, 99)
    assert (kept.events, kept.history) == (b"events", "saved")
    assert column(one, "histories", "saved_at") == [77]
    assert stale_days(one) == [DAY]


@pytest.mark.parametrize(
    ("count", "last", "stays"),
    [(9, 4, b"old"), (5, 5, b"old"), (4, 5, b"old"), (6, 5, b"new"), (1, 6, b"new"), (6, 6, b"new")],
)
def test_of_two_histories_the_one_that_reaches_further_stays(
    one: Database, count: int, last: int, stays: bytes
) -> None:
    save_histories(one, [history(events=b"old", count=5, last=5)], 1)
    all_folded(one)
    save_histories(one, [history(events=b"new", count=count, last=last)], 2)
    assert column(one, "histories", "events") == [stays]
    assert stale_days(one) == ([DAY] if stays == b"new" else [])


def test_of_two_histories_in_one_batch_the_further_stays_in_either_order(one: Database) -> None:
    near, far = history(events=b"near", last=3), history(events=b"far", last=8)
    for batch in ([near, far], [far, near]):
        save_histories(one, batch, 1)
        assert column(one, "histories", "events") == [b"far"]


def test_a_history_saved_again_touches_nothing(one: Database) -> None:
    save_histories(one, [history(map_runs=(("arn:run", 0),))], 1)
    all_folded(one)
    before, writes = contents(one), one.conn.total_changes
    save_histories(one, [history(map_runs=(("arn:run", 0),))], 2)
    assert (contents(one), one.conn.total_changes) == (before, writes)


def test_a_history_of_an_execution_that_is_not_known_is_left_out(one: Database) -> None:
    before = contents(one)
    save_histories(one, [history("stranger", map_runs=(("arn:run", 0),))], 1)
    assert contents(one) == before


def test_map_runs_that_a_history_names_are_to_be_described(one: Database) -> None:
    save_histories(one, [history(map_runs=(("arn:run", 0), ("arn:other", 1)))], 1)
    found = map_runs_of(one, id_of(one))
    assert [(run.arn, run.redrives, run.status) for run in found] == [("arn:run", 0, None), ("arn:other", 1, None)]


@pytest.mark.parametrize(("redrives", "status"), [(0, "FAILED"), (1, None)])
def test_only_a_map_run_that_was_redriven_is_asked_for_again(one: Database, redrives: int, status: str | None) -> None:
    save_map_runs(one, [MapRunRow("arn:run", id_of(one), "FAILED", AT, AT + 1, 10, 10, 2)])
    save_histories(one, [history(map_runs=(("arn:run", redrives),))], 1)
    assert [run.status for run in map_runs_of(one, id_of(one))] == [status]


@pytest.mark.parametrize("why", ["expired", "denied", "unreadable"])
def test_why_there_is_no_history_is_noted_once(one: Database, why: str) -> None:
    note_history(one, id_of(one), why)
    writes = one.conn.total_changes
    note_history(one, id_of(one), why)
    assert [note[0] for note in notes(one)] == [why]
    assert one.conn.total_changes == writes
    assert stale_days(one) == [AT // 86_400_000]


def test_a_history_that_came_after_all_is_saved(one: Database) -> None:
    note_history(one, id_of(one), "denied")
    save_histories(one, [history()], 1)
    assert notes(one) == [("saved", AT + 9, 0)]


def test_an_execution_that_aws_forgot_while_it_ran_ended_nobody_knows_how(db: Database, orders: int) -> None:
    save_executions(db, [listed(orders, status="RUNNING", stopped_at=None), listed(orders, "two")])
    note_gone(db, "arn:one")
    assert column(db, "executions", "status") == ["UNKNOWN", "SUCCEEDED"]
    assert column(db, "executions", "history") == ["expired", None]


def test_a_revision_is_given_once(one: Database, orders: int) -> None:
    revision = revision_saved(one, RevisionRow(orders, "r1", "{}"), 1)
    set_revisions(one, [(revision, True, "arn:one"), (revision, False, "arn:stranger")])
    [kept] = kept_between(one, DAY, 0, 99)
    assert (kept.revision_id, kept.revision_inferred) == (revision, 1)
    assert stale_days(one) == [DAY]
    all_folded(one)
    set_revisions(one, [(revision, True, "arn:one")])
    assert stale_days(one) == []


def test_a_revision_that_was_inferred_may_turn_out_to_be_told(one: Database, orders: int) -> None:
    revision = revision_saved(one, RevisionRow(orders, "r1", "{}"), 1)
    set_revisions(one, [(revision, True, "arn:one")])
    set_revisions(one, [(revision, False, "arn:one")])
    assert column(one, "executions", "revision_inferred") == [0]


def test_counts_of_a_map_run_are_saved_once(one: Database) -> None:
    row = MapRunRow("arn:run", id_of(one), "SUCCEEDED", AT, AT + 1, 10, 10, 2)
    save_map_runs(one, [row])
    all_folded(one)
    before = contents(one)
    save_map_runs(one, [row])
    assert contents(one) == before
    save_map_runs(one, [row._replace(items_failed=3)])
    assert stale_days(one) == [DAY]
    assert map_runs_of(one, id_of(one)) == [row._replace(items_failed=3)]


def test_executions_of_a_day_come_by_id_with_or_without_a_history(db: Database, orders: int) -> None:
    names = ["c", "a", "b", "주문-4"]
    save_executions(db, (listed(orders, name) for name in names))
    save_executions(db, [listed(orders, "tomorrow", started_at=AT + MS_PER_DAY)])
    save_histories(db, [history("a")], 1)
    kept = [(one.arn, one.events) for one in kept_between(db, DAY, 1, 3)]
    assert kept == [("arn:c", None), ("arn:a", b"events"), ("arn:b", None)]


def test_map_runs_of_a_day_are_those_of_its_executions(db: Database, orders: int) -> None:
    save_executions(db, [listed(orders, name) for name in "abc"])
    save_executions(db, [listed(orders, "tomorrow", started_at=AT + MS_PER_DAY)])
    runs = [MapRunRow(f"arn:run-{name}", id_of(db, name), None, None, None, None, None, None) for name in "abc"]
    save_map_runs(db, [*runs, MapRunRow("arn:run-4", id_of(db, "tomorrow"), None, None, None, None, None, None)])
    assert map_runs_between(db, DAY, 2, 99) == runs[1:]


def test_an_execution_is_found_by_its_arn_alone(one: Database) -> None:
    found = kept_execution(one, "arn:one")
    assert found is not None
    assert found.arn == "arn:one"
    assert kept_execution(one, "one") is None


def test_executions_of_one_name_come_newest_first(db: Database, orders: int) -> None:
    same = [ExecutionRow(orders, f"arn:{at}", "주문-1", "FAILED", at, None) for at in (AT, AT + 2, AT + 1)]
    save_executions(db, [*same, listed(orders)])
    assert executions_named(db, "주문-1") == [f"arn:{at}" for at in (AT + 2, AT + 1, AT)]
    assert executions_named(db, "arn:one") == ["arn:one"]
    assert executions_named(db, "주문-%") == []
