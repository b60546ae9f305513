from __future__ import annotations

import pytest

from store.executions import (
    ExecutionRow,
    HistoryRow,
    MapRunRow,
    note_history,
    save_executions,
    save_histories,
    save_map_runs,
    set_revisions,
)
from store.machines import MachineRow, RevisionRow, machine_saved, revision_saved
from store.queue import (
    TODO_ROWS,
    Unrevised,
    candidates,
    histories_to_fetch,
    is_redrivable,
    map_runs_to_describe,
    todos,
    unfinished,
    unrevised,
)
from store.sqlite import Database

AT = 1_790_812_800_000


def listed(
    db: Database,
    machine: int,
    name: str,
    status: str = "SUCCEEDED",
    *,
    stopped_at: int | None = AT + 9,
    redrives: int = 0,
    source: str = "api",
) -> int:
    """The id of an execution as it is listed now."""
    row = ExecutionRow(machine, f"arn:{name}", name, status, AT, stopped_at, redrives, source=source)
    save_executions(db, [row])
    return int(next(iter(db.table("executions").rows_where("arn = ?", [row.arn])))["id"])


def saved(db: Database, name: str, *, stopped_at: int | None = AT + 9, redrives: int = 0, last: int = 5) -> None:
    save_histories(db, [HistoryRow(f"arn:{name}", b"events", 5, last, stopped_at, redrives)], 1)


@pytest.mark.parametrize(
    ("status", "is_wanted"),
    [
        ("SUCCEEDED", True),
        ("FAILED", True),
        ("TIMED_OUT", True),
        ("ABORTED", True),
        ("RUNNING", False),
        ("PENDING_REDRIVE", False),
        ("UNKNOWN", False),
    ],
)
def test_the_history_of_what_finished_is_wanted(db: Database, orders: int, status: str, is_wanted: bool) -> None:
    execution = listed(db, orders, "one", status)
    assert histories_to_fetch(db, [orders]) == [execution] * is_wanted


def test_a_history_that_was_saved_is_wanted_no_more(db: Database, orders: int) -> None:
    listed(db, orders, "one")
    saved(db, "one")
    assert histories_to_fetch(db, [orders]) == []


@pytest.mark.parametrize(("stopped_at", "redrives"), [(AT + 50, 0), (AT + 9, 1), (AT + 50, 1)])
def test_it_is_wanted_again_when_the_execution_went_on(
    db: Database, orders: int, stopped_at: int, redrives: int
) -> None:
    execution = listed(db, orders, "one", "FAILED")
    saved(db, "one")
    listed(db, orders, "one", "FAILED", stopped_at=stopped_at, redrives=redrives)
    assert histories_to_fetch(db, [orders]) == [execution]
    saved(db, "one", stopped_at=stopped_at, redrives=redrives, last=9)
    assert histories_to_fetch(db, [orders]) == []


def test_it_is_not_wanted_while_a_redrive_runs(db: Database, orders: int) -> None:
    listed(db, orders, "one", "FAILED")
    saved(db, "one")
    listed(db, orders, "one", "RUNNING", stopped_at=None, redrives=1)
    assert histories_to_fetch(db, [orders]) == []


def test_a_redrive_that_added_nothing_is_not_asked_for_for_ever(db: Database, orders: int) -> None:
    listed(db, orders, "one", "FAILED", redrives=1)
    saved(db, "one", redrives=0)
    saved(db, "one", redrives=1)
    assert histories_to_fetch(db, [orders]) == []


def test_what_aws_no_longer_holds_is_never_asked_for_again(db: Database, orders: int) -> None:
    execution = listed(db, orders, "one", "FAILED")
    note_history(db, execution, "expired")
    assert histories_to_fetch(db, [orders]) == []
    listed(db, orders, "one", "FAILED", stopped_at=AT + 99, redrives=1)
    assert histories_to_fetch(db, [orders]) == []


@pytest.mark.parametrize("why", ["denied", "unreadable"])
def test_what_was_refused_is_asked_for_in_the_next_pass(db: Database, orders: int, why: str) -> None:
    execution = listed(db, orders, "one")
    note_history(db, execution, why)
    assert histories_to_fetch(db, [orders]) == [execution]


def test_what_came_from_a_file_is_nobody_s_to_fetch(db: Database, orders: int) -> None:
    listed(db, orders, "one", "FAILED", source="import")
    listed(db, orders, "two", "RUNNING", stopped_at=None, source="import")
    assert histories_to_fetch(db, [orders]) == []
    assert unfinished(db, orders) == []
    assert unrevised(db, orders) == []
    assert not is_redrivable(db, orders, AT)


def test_failures_come_first_and_of_each_the_newest(db: Database, orders: int) -> None:
    ids = [
        listed(db, orders, f"run-{number}", status, stopped_at=AT + after)
        for number, (status, after) in enumerate(
            [("SUCCEEDED", 9), ("FAILED", 1), ("SUCCEEDED", 99), ("ABORTED", 5), ("TIMED_OUT", 5)]
        )
    ]
    assert histories_to_fetch(db, [orders]) == [ids[place] for place in (3, 4, 1, 2, 0)]


def test_each_machine_has_its_own_queue(db: Database, orders: int) -> None:
    photos = machine_saved(db, MachineRow("arn:photos", "사진", "STANDARD"), 1)
    one, two = listed(db, orders, "one"), listed(db, photos, "two")
    assert histories_to_fetch(db, [orders]) == [one]
    assert histories_to_fetch(db, [photos]) == [two]
    assert histories_to_fetch(db, iter([photos, orders])) == [one, two]
    assert histories_to_fetch(db, []) == []


def test_executions_to_fetch_come_in_the_order_asked_for(db: Database, orders: int) -> None:
    one, two = listed(db, orders, "one"), listed(db, orders, "two", "FAILED", redrives=2)
    found = list(todos(db, [two, 99, one]))
    assert [tuple(todo) for todo in found] == [
        (two, "arn:two", "FAILED", AT + 9, 2, orders),
        (one, "arn:one", "SUCCEEDED", AT + 9, 0, orders),
    ]


def test_more_than_are_read_at_once_come_all(db: Database, orders: int) -> None:
    rows = (ExecutionRow(orders, f"arn:{n}", str(n), "FAILED", AT, AT + n) for n in range(2 * TODO_ROWS + 1))
    save_executions(db, rows)
    ids = histories_to_fetch(db, [orders])
    assert len(ids) == 2 * TODO_ROWS + 1
    assert [todo.id for todo in todos(db, ids)] == ids


def test_what_still_runs_is_to_be_described(db: Database, orders: int) -> None:
    for status in ("RUNNING", "SUCCEEDED", "PENDING_REDRIVE", "UNKNOWN", "FAILED"):
        listed(db, orders, status, status)
    assert unfinished(db, orders) == ["arn:RUNNING", "arn:PENDING_REDRIVE"]
    assert unfinished(db, orders + 1) == []


@pytest.mark.parametrize(
    ("status", "may_be"),
    [("FAILED", True), ("TIMED_OUT", True), ("ABORTED", True), ("SUCCEEDED", False), ("RUNNING", False)],
)
def test_what_failed_lately_may_be_redriven(db: Database, orders: int, status: str, may_be: bool) -> None:
    listed(db, orders, "one", status)
    assert is_redrivable(db, orders, AT + 9) is may_be
    assert not is_redrivable(db, orders, AT + 10)
    assert not is_redrivable(db, orders + 1, 0)


def test_executions_without_a_revision_come_newest_first(db: Database, orders: int) -> None:
    rows = [ExecutionRow(orders, f"arn:{n}", str(n), "RUNNING", AT + at, None) for n, at in enumerate([1, 3, 2, 3])]
    save_executions(db, rows)
    revision = revision_saved(db, RevisionRow(orders, "r1", "{}"), 1)
    set_revisions(db, [(revision, True, "arn:2")])
    assert unrevised(db, orders) == [
        Unrevised("arn:3", AT + 3, None),
        Unrevised("arn:1", AT + 3, None),
        Unrevised("arn:0", AT + 1, None),
    ]


@pytest.mark.parametrize(
    ("status", "is_open"), [(None, True), ("RUNNING", True), ("SUCCEEDED", False), ("FAILED", False)]
)
def test_a_map_run_is_described_until_its_counts_are_final(
    db: Database, orders: int, status: str | None, is_open: bool
) -> None:
    execution = listed(db, orders, "one")
    save_map_runs(db, [MapRunRow("arn:run", execution, status, None, None, None, None, None, redrives=1)])
    found = [tuple(run) for run in map_runs_to_describe(db, [orders])]
    assert found == [("arn:run", execution, orders, 1)] * is_open
    assert map_runs_to_describe(db, [orders + 1]) == []


def test_a_map_run_of_a_file_is_not_described(db: Database, orders: int) -> None:
    execution = listed(db, orders, "one", source="import")
    save_map_runs(db, [MapRunRow("arn:run", execution, None, None, None, None, None, None)])
    assert map_runs_to_describe(db, [orders]) == []


def test_what_may_be_drawn_are_the_successes_of_days_with_histories_to_fetch(db: Database, orders: int) -> None:
    fetched, wanted = listed(db, orders, "fetched"), listed(db, orders, "wanted")
    saved(db, "fetched")
    listed(db, orders, "failed", "FAILED")
    listed(db, orders, "redriven", redrives=1)
    listed(db, orders, "imported", source="import")
    note_history(db, listed(db, orders, "gone"), "expired")
    assert [(one.id, one.is_wanted) for one in candidates(db, [orders])] == [(fetched, False), (wanted, True)]
    saved(db, "wanted")
    assert list(candidates(db, [orders])) == []
