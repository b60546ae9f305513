from __future__ import annotations

import sqlite3

import pytest

from store.executions import ExecutionRow, HistoryRow, kept_execution, save_executions, save_histories
from store.imports import (
    Found,
    Ids,
    ImportedRow,
    found_executions,
    imported_machine,
    imported_revision,
    save_imported,
)
from store.machines import MachineRow, RevisionRow, machine_saved, revision_saved
from store.migrations import MS_PER_DAY
from store.queue import histories_to_fetch
from store.sqlite import Database
from tests.store.contents import all_folded, column, contents, stale_days

DAY = 20_727
"""2026-10-01"""

AT = DAY * MS_PER_DAY + 5_000
FILED = MachineRow("file:주문", "주문", "STANDARD", source="import")


@pytest.fixture
def ids(db: Database) -> Ids:
    """One machine that files name, with one revision."""
    machine = imported_machine(db, FILED, 1, is_type_told=False)
    revision = imported_revision(db, RevisionRow(machine, "r1", "{}"), 1)
    return Ids({FILED.arn: machine}, {(FILED.arn, "r1"): revision})


def row(
    name: str = "one",
    *,
    status: str = "FAILED",
    started_at: int | None = AT,
    redrives: int = 0,
    version: str | None = None,
    error: str | None = None,
    revision: str | None = None,
    events: bytes = b"filed",
    count: int = 5,
    last: int = 5,
    is_whole: bool = True,
) -> ImportedRow:
    return ImportedRow(
        machine=FILED.arn,
        arn=f"arn:{name}",
        name=name,
        status=status,
        started_at=started_at,
        stopped_at=AT + 9,
        redrives=redrives,
        version=version,
        alias=None,
        error=error,
        revision=revision,
        events=events,
        event_count=count,
        last_event_id=last,
        is_whole=is_whole,
    )


def listed_by_aws(db: Database, machine: int, status: str = "SUCCEEDED") -> None:
    save_executions(db, [ExecutionRow(machine, "arn:one", "one", status, AT, AT + 1, error="of AWS")])


def states(db: Database) -> list[tuple[str, str, str | None, bytes | None]]:
    found = [kept_execution(db, arn) for arn in column(db, "executions", "arn")]
    return [(kept.status, kept.source, kept.history, kept.events) for kept in found if kept]


def test_a_machine_of_a_file_is_added_once(db: Database) -> None:
    first = imported_machine(db, FILED, 1, is_type_told=False)
    before = contents(db)
    assert imported_machine(db, FILED._replace(name="other"), 2, is_type_told=False) == first
    assert contents(db) == before


def test_a_type_that_the_user_tells_sets_right_what_was_assumed(db: Database) -> None:
    imported_machine(db, FILED, 1, is_type_told=False)
    imported_machine(db, FILED._replace(type="EXPRESS"), 2, is_type_told=False)
    assert column(db, "machines", "type") == ["STANDARD"]
    imported_machine(db, FILED._replace(type="EXPRESS"), 2, is_type_told=True)
    assert column(db, "machines", "type") == ["EXPRESS"]


def test_a_file_never_overwrites_what_aws_said_of_a_machine(db: Database, orders: int) -> None:
    before = contents(db)
    filed = MachineRow("arn:orders", "else", "EXPRESS", source="import")
    assert imported_machine(db, filed, 2, is_type_told=True) == orders
    assert contents(db) == before


def test_a_definition_that_the_machine_had_is_no_new_revision(db: Database, orders: int) -> None:
    known = revision_saved(db, RevisionRow(orders, "of AWS", '{"StartAt": "검증"}'), 1)
    assert imported_revision(db, RevisionRow(orders, "of a file", '{"StartAt": "검증"}'), 2) == known
    assert column(db, "revisions", "revision") == ["of AWS"]


def test_another_machine_s_revision_or_another_definition_is_a_new_one(db: Database, orders: int) -> None:
    filed = imported_machine(db, FILED, 1, is_type_told=False)
    rows = [RevisionRow(orders, "r1", "{}"), RevisionRow(filed, "r1", "{}"), RevisionRow(orders, "r2", "{ }")]
    assert len({imported_revision(db, one, 1) for one in rows}) == 3


def test_a_row_names_its_machine_and_revision(db: Database, ids: Ids) -> None:
    machine, revision = ids.machines[FILED.arn], ids.revisions[FILED.arn, "r1"]
    assert ids.of(row()) == (machine, None)
    assert ids.of(row(revision="r1")) == (machine, revision)


def test_executions_are_saved_with_their_histories(db: Database, ids: Ids) -> None:
    save_imported(db, [row("one", error="Broken"), row("주문-2", started_at=None, is_whole=False)], ids, 77)
    assert states(db) == [("FAILED", "import", "saved", b"filed"), ("FAILED", "import", None, b"filed")]
    assert column(db, "executions", "error") == ["Broken", None]
    assert column(db, "histories", "saved_at") == [77, 77]
    assert stale_days(db) == [0, DAY]


@pytest.mark.parametrize("is_whole", [True, False])
def test_what_a_file_gave_is_never_in_the_queue(db: Database, ids: Ids, is_whole: bool) -> None:
    save_imported(db, [row(is_whole=is_whole)], ids, 1)
    assert histories_to_fetch(db, ids.machines.values()) == []


def test_nothing_to_save_changes_nothing(db: Database, ids: Ids) -> None:
    before = contents(db)
    save_imported(db, [], ids, 1)
    assert contents(db) == before


def test_a_file_imported_again_touches_nothing(db: Database, ids: Ids) -> None:
    rows = [row("one", revision="r1"), row("two", is_whole=False)]
    save_imported(db, rows, ids, 1)
    all_folded(db)
    before = contents(db)
    save_imported(db, rows, ids, 2)
    assert contents(db) == before


def test_new_executions_beside_known_ones_are_saved(db: Database, ids: Ids) -> None:
    save_imported(db, [row("one")], ids, 1)
    save_imported(db, [row("two"), row("one"), row("three")], ids, 2)
    assert column(db, "executions", "name") == ["one", "two", "three"]
    assert len(column(db, "histories", "execution_id")) == 3


@pytest.mark.parametrize(
    ("count", "last", "stays"),
    [(9, 4, "old"), (5, 5, "old"), (4, 5, "old"), (6, 5, "new"), (1, 6, "new")],
)
def test_of_two_files_the_one_that_reaches_further_stays_with_what_it_said(
    db: Database, ids: Ids, count: int, last: int, stays: str
) -> None:
    save_imported(db, [row(status="RUNNING", events=b"old")], ids, 1)
    all_folded(db)
    save_imported(db, [row(status="FAILED", events=b"new", count=count, last=last)], ids, 2)
    status = {"old": "RUNNING", "new": "FAILED"}[stays]
    assert states(db) == [(status, "import", "saved", stays.encode())]
    assert stale_days(db) == ([DAY] if stays == "new" else [])


@pytest.mark.parametrize("in_order", [1, -1])
def test_of_two_dumps_in_one_batch_the_further_stays(db: Database, ids: Ids, in_order: int) -> None:
    rows = [row(status="RUNNING", events=b"near", last=3), row(events=b"far", last=8)]
    save_imported(db, rows[::in_order], ids, 1)
    assert states(db) == [("FAILED", "import", "saved", b"far")]


def test_what_a_further_file_leaves_open_stays(db: Database, ids: Ids) -> None:
    save_imported(db, [row(version="3", error="Broken")], ids, 1)
    save_imported(db, [row(started_at=None, last=9)], ids, 2)
    kept = kept_execution(db, "arn:one")
    assert kept is not None
    assert (kept.started_at, kept.version, kept.error) == (AT, "3", "Broken")


def test_a_start_that_becomes_known_moves_the_execution_to_its_day(db: Database, ids: Ids) -> None:
    save_imported(db, [row(started_at=None)], ids, 1)
    all_folded(db)
    save_imported(db, [row(last=9)], ids, 2)
    assert column(db, "executions", "day") == [DAY]
    assert stale_days(db) == [0, DAY]


def test_what_aws_listed_keeps_its_word_and_gets_the_history(db: Database, orders: int, ids: Ids) -> None:
    listed_by_aws(db, orders)
    save_imported(db, [row()], ids, 1)
    assert states(db) == [("SUCCEEDED", "api", "saved", b"filed")]
    assert column(db, "executions", "error") == ["of AWS"]
    assert column(db, "executions", "machine_id") == [orders]


def test_a_history_that_was_filed_short_of_the_listed_end_is_still_fetched(db: Database, orders: int, ids: Ids) -> None:
    """The file's history is for another stop than the listed one."""
    listed_by_aws(db, orders)
    save_imported(db, [row()], ids, 1)
    assert len(histories_to_fetch(db, [orders])) == 1


def test_a_file_that_goes_on_where_the_fetched_history_ends_is_believed(db: Database, orders: int, ids: Ids) -> None:
    listed_by_aws(db, orders, "FAILED")
    save_histories(db, [HistoryRow("arn:one", b"fetched", 5, 5, AT + 1, 0)], 1)
    save_imported(db, [row(status="SUCCEEDED", redrives=1, last=9)], ids, 2)
    assert states(db) == [("SUCCEEDED", "api", "saved", b"filed")]
    assert column(db, "executions", "redrives") == [1]


def test_a_fetched_history_does_not_give_way_to_a_shorter_file(db: Database, orders: int, ids: Ids) -> None:
    listed_by_aws(db, orders)
    save_histories(db, [HistoryRow("arn:one", b"fetched", 5, 5, AT + 1, 0)], 1)
    before = contents(db)
    save_imported(db, [row(last=4, count=4)], ids, 2)
    assert contents(db) == before


def test_a_revision_that_a_file_tells_is_given_unless_aws_told_one(db: Database, orders: int, ids: Ids) -> None:
    listed_by_aws(db, orders)
    save_imported(db, [row(), row("two")], ids, 1)
    save_imported(db, [row(revision="r1"), row("two", revision="r1")], ids, 2)
    assert column(db, "executions", "revision_id") == [ids.revisions[FILED.arn, "r1"]] * 2
    told = revision_saved(db, RevisionRow(orders, "of AWS", "{ }"), 1)
    db.table("executions").update(1, {"revision_id": told})
    save_imported(db, [row(revision="r1")], ids, 3)
    assert column(db, "executions", "revision_id")[0] == told


def test_executions_known_already_are_found_with_how_far_they_reach(db: Database, orders: int, ids: Ids) -> None:
    listed_by_aws(db, orders)
    save_imported(db, [row("주문-2", count=7, last=8)], ids, 1)
    assert found_executions(db, ["arn:주문-2", "arn:one", "arn:none"]) == {
        "arn:one": Found(1, "api", None, 0, -1),
        "arn:주문-2": Found(2, "import", b"filed", 7, 8),
    }
    assert found_executions(db, []) == {}


def test_all_or_nothing_of_a_batch_is_saved(db: Database, ids: Ids) -> None:
    save_imported(db, [row("one")], ids, 1)
    before = contents(db)
    with pytest.raises(KeyError):
        save_imported(db, [row("two"), row("three")._replace(machine="arn:stranger")], ids, 2)
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        save_imported(db, [row("two")], Ids({FILED.arn: 99}, {}), 2)
    assert contents(db) == before


def test_a_machine_that_aws_lists_later_takes_over_what_was_filed(db: Database, ids: Ids) -> None:
    save_imported(db, [row()], ids, 1)
    machine = machine_saved(db, FILED._replace(source="api"), 2)
    listed_by_aws(db, machine, "FAILED")
    assert states(db) == [("FAILED", "api", "saved", b"filed")]
    assert len(histories_to_fetch(db, [machine])) == 1
