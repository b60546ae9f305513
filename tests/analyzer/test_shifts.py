from __future__ import annotations

import random

import pytest

from analyzer.shifts import Daily, shifts

DAYS = 30
RUNS = 60


def failures(rates: list[float], seed: int = 1) -> list[Daily]:
    """A day of `RUNS` executions for each rate."""
    dice = random.Random(seed)
    failed = [sum(dice.random() < rate for _ in range(RUNS)) for rate in rates]
    return [Daily(day, RUNS, n, n) for day, n in enumerate(failed)]


def durations(means: list[float], seed: int = 1, restless: float = 0.0) -> list[Daily]:
    """A day of `RUNS` logarithms of durations around each mean; `restless` moves whole days up and down."""
    dice, found = random.Random(seed), []
    for day, mean in enumerate(means):
        off = dice.gauss(0, restless) if restless else 0.0
        values = [dice.gauss(mean + off, 0.5) for _ in range(RUNS)]
        found.append(Daily(day, RUNS, sum(values), sum(value * value for value in values)))
    return found


def test_nothing_is_found_in_a_quiet_month_whatever_the_dice_say() -> None:
    for seed in range(150):
        assert shifts(failures([0.05] * DAYS, seed), 0.02) == []
        assert shifts(durations([8.0] * DAYS, seed), 0.14) == []


def test_nothing_is_found_where_days_are_restless_all_month() -> None:
    for seed in range(150):
        assert shifts(durations([8.0] * DAYS, seed, restless=0.3), 0.14) == []


@pytest.mark.parametrize("seed", range(10))
def test_a_rate_that_rises_is_found_on_its_day(seed: int) -> None:
    [found] = shifts(failures([0.02] * 20 + [0.25] * 10, seed), 0.02)
    assert abs(found.day - 20) <= 1
    assert found.before < 0.05
    assert found.after > 0.2


@pytest.mark.parametrize("seed", range(10))
def test_a_dependency_that_becomes_slow_is_found_on_its_day(seed: int) -> None:
    [found] = shifts(durations([8.0] * 18 + [9.0] * 12, seed), 0.14)
    assert found.day == 18


def test_up_and_down_again_are_two() -> None:
    found = shifts(failures([0.02] * 10 + [0.4] * 10 + [0.02] * 10), 0.02)
    assert [shift.day for shift in found] == [10, 20]


def test_what_is_too_small_to_matter_is_none() -> None:
    many = [Daily(day, 1e6, 1e6 * rate, 1e6 * rate) for day, rate in enumerate([0.010] * 15 + [0.020] * 15)]
    assert shifts(many, 0.02) == []
    assert len(shifts(many, 0.005)) == 1


def test_few_days_and_few_executions_tell_nothing() -> None:
    assert shifts([], 0.02) == []
    assert shifts([Daily(0, 50, 0, 0), Daily(1, 50, 50, 50)], 0.02) == []
    assert shifts([Daily(day, 5, 5 * (day > 1), 5 * (day > 1)) for day in range(4)], 0.02) == []
