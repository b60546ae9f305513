from __future__ import annotations

import pytest

from collectors.connections import Connection, Meter
from collectors.scope import Cover, Options, Scope, Silent, counted
from store.errors import DeniedError
from store.passes import begun_pass, coverage_of
from tests.collectors.kept import memory_store
from tests.collectors.world import START, World

ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:주문-처리"


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ((), True),
        (("주문*",), True),
        (("orders", "*처리"), True),
        ((ARN,), True),
        (("orders",), False),
        (("주문",), False),
        (("[",), False),
    ],
)
def test_a_machine_is_asked_for_by_name_pattern_or_arn(asked: tuple[str, ...], wanted: bool) -> None:
    assert Options(since=0, machines=asked).wants("주문-처리", ARN) is wanted


def test_the_first_failure_gives_the_word_and_all_are_told_once() -> None:
    cover = Cover(1, "m", "standard")
    assert (cover.outcome, cover.sentence) == ("complete", None)
    cover.refuse(DeniedError("denied A"))
    cover.fail("half of it", "partial")
    cover.refuse(DeniedError("denied A"))
    cover.reasons.update({"throttled": 2, "expired at AWS": 1})
    assert (cover.outcome, cover.missed) == ("denied", 3)
    assert cover.problems == ["denied A", "half of it"]
    assert cover.sentence == "denied A; half of it; 2 histories throttled; 1 history expired at AWS"


def test_what_is_saved_too_early_counts_as_interrupted() -> None:
    store = memory_store()
    pass_id = begun_pass(store.db, "collect", START)
    connection = Connection("target", World(), Meter())
    scope = Scope(store, pass_id, START, lambda: START, connection, Options(since=0), Silent())
    cover = scope.cover(None, "target", "standard")
    scope.save(cover, is_over=False)
    assert [row.outcome for row in coverage_of(store.db, pass_id)] == ["interrupted"]
    cover.listed = 5
    scope.save(cover)
    assert [(row.outcome, row.listed) for row in coverage_of(store.db, pass_id)] == [("complete", 5)]


def test_nobody_may_be_told() -> None:
    silent = Silent()
    silent.connected("target")
    silent.listed("m", 1)
    silent.fetched(1, 2, 3.0)


def test_numbers_come_with_their_nouns() -> None:
    assert [counted(number, "history", "histories") for number in (0, 1, 2_000)] == [
        "0 histories",
        "1 history",
        "2,000 histories",
    ]
    assert counted(2, "machine") == "2 machines"
