"""Successes are drawn by lot, some of each machine and day first."""

from __future__ import annotations

from collections import Counter

from collectors.drawing import LEAST, drawn
from store.queue import Candidate


def day(number: int, size: int, fetched: int = 0) -> list[Candidate]:
    return [Candidate(number * 10_000 + n, 1, number, f"arn:{number}:{n}", is_wanted=n >= fetched) for n in range(size)]


def days_of(ids: list[int]) -> Counter[int]:
    return Counter(n // 10_000 for n in ids)


def test_all_that_are_wanted_are_drawn_once() -> None:
    world = [*day(1, 30, fetched=5), *day(2, 3)]
    assert sorted(drawn(world)) == [one.id for one in world if one.is_wanted]


def test_some_of_each_day_come_before_all_others() -> None:
    first = drawn([*day(1, 5_000), *day(2, 50), *day(3, 4)])[: 2 * LEAST + 4]
    assert days_of(first) == {1: LEAST, 2: LEAST, 3: 4}


def test_days_are_drawn_by_the_square_root_of_their_size() -> None:
    counts = days_of(drawn([*day(1, 6_400), *day(2, 400)])[:500])
    assert abs(counts[1] / counts[2] - 4) < 0.2


def test_the_lot_decides_and_not_the_order_of_the_listing() -> None:
    chosen = drawn(day(1, 2_000))[:500]
    assert abs(sum(n - 10_000 for n in chosen) / 500 - 1_000) < 4 * 2_000 / 12**0.5 / 500**0.5
    assert set(drawn(day(1, 2_000)[::-1])[:500]) == set(chosen)


def test_a_later_pass_draws_on_where_the_one_before_stopped() -> None:
    world = day(1, 200)
    first = set(drawn(world)[:50])
    rest = drawn([one._replace(is_wanted=one.id not in first) for one in world])
    assert drawn(world) == [*drawn(world)[:50], *rest]
