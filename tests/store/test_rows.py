from __future__ import annotations

import sqlite3

import pytest

from store.rows import inserted_or_changed, upsert_many, upsert_sql
from store.sqlite import Database

COLUMNS = ("code", "name", "seen", "note")


@pytest.fixture
def shelf() -> Database:
    """A table that counts how often its rows were touched."""
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    db.execute(
        "CREATE TABLE things (id INTEGER PRIMARY KEY, code TEXT UNIQUE, name TEXT NOT NULL, seen INT, note TEXT)"
    )
    db.execute("CREATE TABLE touches (code TEXT)")
    db.execute("CREATE TRIGGER added AFTER INSERT ON things BEGIN INSERT INTO touches VALUES (new.code); END")
    db.execute("CREATE TRIGGER changed AFTER UPDATE ON things BEGIN INSERT INTO touches VALUES (new.code); END")
    return db


def put(db: Database, *rows: tuple[str, str | None, int | None, str | None]) -> None:
    upsert_many(db, "things", COLUMNS, ("code",), rows, lasting=("note",))


def things(db: Database) -> list[tuple[str, str, int | None, str | None]]:
    return [*db.execute("SELECT code, name, seen, note FROM things ORDER BY id")]


def touches(db: Database) -> int:
    return int(db.execute("SELECT count(*) FROM touches").fetchone()[0])


def test_rows_are_added_and_then_brought_up_to_date(shelf: Database) -> None:
    put(shelf, ("a", "one", 1, None), ("b", "two", None, "x"))
    put(shelf, ("b", "주문 검증", 2, "y"))
    assert things(shelf) == [("a", "one", 1, None), ("b", "주문 검증", 2, "y")]


def test_a_row_that_says_nothing_new_is_not_touched(shelf: Database) -> None:
    put(shelf, ("a", "one", None, "x"), ("b", "two", 2, None))
    put(shelf, ("a", "one", None, "x"), ("b", "two", 2, None), ("a", "one", None, None))
    assert touches(shelf) == 2


def test_unknown_replaces_what_was_known_only_where_it_may(shelf: Database) -> None:
    put(shelf, ("a", "one", 1, "x"))
    put(shelf, ("a", "one", None, None))
    assert things(shelf) == [("a", "one", None, "x")]


def test_what_was_unknown_may_become_known(shelf: Database) -> None:
    put(shelf, ("a", "one", None, None))
    put(shelf, ("a", "one", 1, "x"))
    assert things(shelf) == [("a", "one", 1, "x")]


def test_a_row_that_the_table_refuses_is_an_error(shelf: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        put(shelf, ("a", None, 1, None))


def saved(db: Database, code: str, name: str, seen: int) -> int:
    return inserted_or_changed(db, "things", {"code": code, "name": name}, key=("code",), on_insert={"seen": seen})


def test_the_id_is_that_of_the_row_whether_new_changed_or_neither(shelf: Database) -> None:
    first, second = saved(shelf, "a", "one", 1), saved(shelf, "b", "two", 1)
    assert first != second
    assert (saved(shelf, "a", "one", 2), saved(shelf, "b", "zwei", 2)) == (first, second)


def test_what_is_written_when_a_row_is_new_is_kept_after(shelf: Database) -> None:
    saved(shelf, "a", "one", 1)
    saved(shelf, "a", "eins", 2)
    assert things(shelf) == [("a", "eins", 1, None)]


def test_a_later_moment_alone_touches_nothing(shelf: Database) -> None:
    saved(shelf, "a", "one", 1)
    saved(shelf, "a", "one", 2)
    assert touches(shelf) == 1


def test_a_key_may_have_several_columns() -> None:
    db = Database(sqlite3.connect(":memory:", isolation_level=None))
    db.execute("CREATE TABLE parts (whole INT, place INT, what TEXT, UNIQUE (whole, place))")
    columns, key = ("whole", "place", "what"), ("whole", "place")
    upsert_many(db, "parts", columns, key, [(1, 1, "a"), (1, 2, "b"), (2, 1, "c"), (1, 2, "B")])
    assert [*db.execute("SELECT what FROM parts ORDER BY whole, place")] == [("a",), ("B",), ("c",)]


def test_values_are_bound_and_never_part_of_the_statement() -> None:
    assert upsert_sql("things", COLUMNS, ("code",)).count("?") == len(COLUMNS)
