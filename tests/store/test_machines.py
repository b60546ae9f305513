from __future__ import annotations

import sqlite3

import pytest

from store.machines import (
    Machine,
    MachineRow,
    RevisionRow,
    machine_saved,
    machines,
    note_deleted,
    revision_saved,
    revisions,
)
from store.sqlite import Database
from tests.store.contents import column, contents

ORDERS = MachineRow("arn:주문", "주문", "STANDARD", "eu-west-1", "111122223333", 5, "ACTIVE", "ALL", "arn:group")


def test_a_machine_is_known_by_its_arn(db: Database) -> None:
    first = machine_saved(db, ORDERS, 1)
    other = machine_saved(db, ORDERS._replace(arn="arn:other"), 1)
    assert machine_saved(db, ORDERS._replace(name="orders"), 2) == first
    assert machines(db) == [
        Machine(first, "arn:주문", "orders", "STANDARD", "eu-west-1", "111122223333"),
        Machine(other, "arn:other", "주문", "STANDARD", "eu-west-1", "111122223333"),
    ]


def test_a_machine_that_is_as_it_was_is_not_touched(db: Database) -> None:
    machine_saved(db, ORDERS, 1)
    before, writes = contents(db), db.conn.total_changes
    machine_saved(db, ORDERS, 99)
    assert (contents(db), db.conn.total_changes) == (before, writes)


def test_what_a_source_does_not_know_does_not_erase_what_another_knew(db: Database) -> None:
    machine_saved(db, ORDERS, 1)
    before = contents(db)
    machine_saved(db, MachineRow(ORDERS.arn, ORDERS.name, ORDERS.type), 2)
    assert contents(db) == before


def test_what_changed_is_noted_and_when_it_was_first_seen_stays(db: Database) -> None:
    machine_saved(db, ORDERS, 1)
    machine_saved(db, ORDERS._replace(log_level="OFF"), 2)
    assert column(db, "machines", "log_level") == ["OFF"]
    assert column(db, "machines", "first_seen_at") == [1]


def test_a_new_store_has_no_machines(db: Database) -> None:
    assert machines(db) == []
    assert revisions(db) == []


def told(
    db: Database, *names: str, region: str = "eu-west-1", account: str = "111122223333", source: str = "api"
) -> None:
    for name in names:
        machine_saved(db, MachineRow(f"arn:{name}", name, "STANDARD", region, account, source=source), 1)


def deleted(db: Database) -> dict[str, int]:
    return {row["name"]: row["deleted_at"] for row in db.table("machines").rows if row["deleted_at"] is not None}


def test_what_aws_no_longer_lists_is_deleted_and_stays_known(db: Database) -> None:
    told(db, "a", "b", "c")
    note_deleted(db, ["arn:a", "arn:c"], 7)
    assert deleted(db) == {"b": 7}
    assert [machine.name for machine in machines(db)] == ["a", "b", "c"]


def test_when_it_was_deleted_is_noted_once(db: Database) -> None:
    told(db, "a", "b")
    note_deleted(db, ["arn:a"], 7)
    note_deleted(db, ["arn:a"], 8)
    assert deleted(db) == {"b": 7}


def test_a_machine_that_is_listed_again_is_not_deleted(db: Database) -> None:
    told(db, "a", "b")
    note_deleted(db, ["arn:a"], 7)
    told(db, "b")
    assert deleted(db) == {}


def test_a_file_does_not_bring_a_deleted_machine_back(db: Database) -> None:
    told(db, "a", "b")
    note_deleted(db, ["arn:a"], 7)
    told(db, "b", source="import")
    assert deleted(db) == {"b": 7}


def test_other_regions_accounts_and_files_are_not_meant(db: Database) -> None:
    told(db, "a")
    told(db, "elsewhere", region="us-east-1")
    told(db, "another's", account="444455556666")
    told(db, "from a file", source="import")
    note_deleted(db, ["arn:a"], 7)
    assert deleted(db) == {}


def test_an_empty_listing_deletes_nothing(db: Database) -> None:
    told(db, "a")
    note_deleted(db, [], 7)
    assert deleted(db) == {}


def test_a_revision_is_known_by_its_machine_and_name(db: Database, orders: int) -> None:
    photos = machine_saved(db, ORDERS, 1)
    first = revision_saved(db, RevisionRow(orders, "r1", "{}"), 1)
    other = revision_saved(db, RevisionRow(photos, "r1", "{}"), 1)
    assert first != other
    assert revision_saved(db, RevisionRow(orders, "r1", "{}", version="3"), 2) == first
    assert column(db, "revisions", "version") == ["3", None]


def test_a_revision_that_is_as_it_was_is_not_touched(db: Database, orders: int) -> None:
    revision_saved(db, RevisionRow(orders, "r1", '{"StartAt": "검증"}', 5, "1", "no states"), 1)
    before, writes = contents(db), db.conn.total_changes
    revision_saved(db, RevisionRow(orders, "r1", '{"StartAt": "검증"}', 5, "1", "no states"), 2)
    revision_saved(db, RevisionRow(orders, "r1", None), 3)
    assert (contents(db), db.conn.total_changes) == (before, writes)


def test_a_revision_belongs_to_a_machine(db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        revision_saved(db, RevisionRow(99, "r1", "{}"), 1)


def test_revisions_come_as_they_became_current(db: Database, orders: int) -> None:
    photos = machine_saved(db, ORDERS, 1)
    for machine, name, since, seen in [
        (photos, "p1", 10, 90),
        (orders, "third", 30, 31),
        (orders, "first", None, 10),
        (orders, "second", 20, 99),
        (orders, "second too", 20, 99),
    ]:
        revision_saved(db, RevisionRow(machine, name, "{}", since), seen)
    named = [(revision.revision, revision.current_at) for revision in revisions(db, orders)]
    assert named == [("first", 10), ("second", 20), ("second too", 20), ("third", 30)]
    assert [revision.revision for revision in revisions(db)] == ["first", "second", "second too", "third", "p1"]
    assert revisions(db, 99) == []
