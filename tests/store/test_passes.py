from __future__ import annotations

import json
import sqlite3

import pytest

from store.machines import MachineRow, machine_saved
from store.passes import (
    CoverageRow,
    Span,
    begun_pass,
    coverage_of,
    coverage_saved,
    finish_pass,
    listed_span,
    passes,
)
from store.sqlite import Database
from tests.store.contents import contents


@pytest.fixture
def begun(db: Database, orders: int) -> CoverageRow:
    """What the first pass is about to cover."""
    return CoverageRow(begun_pass(db, "collect", 5), "111122223333/eu-west-1", orders, "standard", "partial")


def test_a_pass_has_no_outcome_until_it_ends(db: Database) -> None:
    begun_pass(db, "import", 5)
    [running] = passes(db)
    assert (running.kind, running.started_at) == ("import", 5)
    assert (running.finished_at, running.outcome, running.sentence, running.calls) == (None, None, None, None)


def test_a_pass_that_ended_says_how_and_what_it_cost(db: Database) -> None:
    one = begun_pass(db, "collect", 5)
    finish_pass(db, one, 9, "partial", "주문: denied", {"ListExecutions": 3, "GetExecutionHistory": 40}, 2)
    [ended] = passes(db)
    assert (ended.finished_at, ended.outcome, ended.sentence, ended.throttled) == (9, "partial", "주문: denied", 2)
    assert json.loads(ended.calls or "") == {"GetExecutionHistory": 40, "ListExecutions": 3}


def test_a_pass_ends_alone(db: Database) -> None:
    one, two = begun_pass(db, "collect", 5), begun_pass(db, "collect", 6)
    finish_pass(db, two, 9, "complete", "", {}, 0)
    assert [(row.id, row.outcome) for row in passes(db)] == [(two, "complete"), (one, None)]


def test_the_newest_passes_come_first(db: Database) -> None:
    ids = [begun_pass(db, "collect", at) for at in (7, 5, 6)]
    assert [row.id for row in passes(db)] == ids[::-1]
    assert [row.id for row in passes(db, limit=2)] == ids[:0:-1]
    assert passes(db, limit=0) == []


def test_coverage_is_added_and_then_brought_up_to_date(db: Database, begun: CoverageRow) -> None:
    first = coverage_saved(db, begun)
    second = coverage_saved(db, begun._replace(source="express"))
    done = begun._replace(outcome="complete", listed_from=1, listed_to=9, listed=20, saved=18, missed=2, sentence="ok")
    assert coverage_saved(db, done, first) == first
    assert first != second
    assert coverage_of(db, begun.pass_id) == [done, begun._replace(source="express")]


def test_coverage_that_is_as_it_was_is_not_touched(db: Database, begun: CoverageRow) -> None:
    first = coverage_saved(db, begun)
    before, writes = contents(db), db.conn.total_changes
    assert coverage_saved(db, begun, first) == first
    assert (contents(db), db.conn.total_changes) == (before, writes)


def test_coverage_of_a_whole_target_names_no_machine(db: Database, begun: CoverageRow) -> None:
    denied = begun._replace(machine_id=None, outcome="denied", sentence="may not list")
    coverage_saved(db, denied)
    assert coverage_of(db, begun.pass_id) == [denied]


def test_each_pass_has_its_own_coverage(db: Database, begun: CoverageRow) -> None:
    later = begun._replace(pass_id=begun_pass(db, "collect", 6))
    coverage_saved(db, begun)
    assert coverage_of(db, later.pass_id) == []
    coverage_saved(db, later)
    assert coverage_of(db, later.pass_id) == [later]


def test_coverage_belongs_to_a_pass(db: Database, begun: CoverageRow) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        coverage_saved(db, begun._replace(pass_id=99))


def covered(db: Database, row: CoverageRow, first: int | None, last: int | None, outcome: str = "complete") -> None:
    coverage_saved(db, row._replace(listed_from=first, listed_to=last, outcome=outcome))


def test_without_a_listing_there_is_no_watermark(db: Database, begun: CoverageRow, orders: int) -> None:
    assert listed_span(db, orders, "standard") is None
    covered(db, begun, None, None, "denied")
    assert listed_span(db, orders, "standard") is None


def test_the_watermark_is_the_end_of_the_last_complete_listing(db: Database, begun: CoverageRow, orders: int) -> None:
    covered(db, begun, 100, 200)
    covered(db, begun, 100, 300)
    assert listed_span(db, orders, "standard") == Span(100, 300)


@pytest.mark.parametrize("outcome", ["partial", "denied", "throttled", "cut", "unreachable", "failed", "interrupted"])
def test_a_listing_that_was_not_completed_moves_no_watermark(
    db: Database, begun: CoverageRow, orders: int, outcome: str
) -> None:
    covered(db, begun, 100, 200)
    covered(db, begun, None, None, outcome)
    assert listed_span(db, orders, "standard") == Span(100, 200)


def test_the_newest_listing_is_believed_for_the_clock_may_have_been_set_back(
    db: Database, begun: CoverageRow, orders: int
) -> None:
    covered(db, begun, 100, 300)
    covered(db, begun, 50, 200)
    assert listed_span(db, orders, "standard") == Span(50, 200)


def test_histories_that_were_missed_do_not_hold_the_watermark(db: Database, begun: CoverageRow, orders: int) -> None:
    """The listing was complete all the same; what is missing stands in the queue."""
    covered(db, begun._replace(missed=4), 100, 200, "partial")
    assert listed_span(db, orders, "standard") == Span(100, 200)


def test_each_machine_and_source_has_its_own_watermark(db: Database, begun: CoverageRow, orders: int) -> None:
    photos = machine_saved(db, MachineRow("arn:photos", "사진", "EXPRESS"), 1)
    covered(db, begun, 100, 200)
    covered(db, begun._replace(machine_id=photos, source="express"), 100, 900)
    assert listed_span(db, orders, "standard") == Span(100, 200)
    assert listed_span(db, orders, "express") is None
    assert listed_span(db, photos, "standard") is None
    assert listed_span(db, photos, "express") == Span(100, 900)
