from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.phases import PHASES, phase

RAN = np.full(30, 100)


def seen(**days: int) -> np.ndarray:
    """Executions hit by day, `d3=5` five on day 3."""
    found = np.zeros(30, np.int64)
    for name, hit in days.items():
        found[int(name[1:])] = hit
    return found


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"d26": 4, "d29": 3}, ("new", 0)),
        ({"d0": 4, "d3": 3, "d8": 4, "d14": 4, "d20": 3, "d26": 3}, ("ongoing", 0)),
        ({"d0": 9, "d5": 9, "d9": 4}, ("gone", 0)),
        ({"d0": 5, "d1": 5, "d28": 5}, ("regressed", 26)),
        ({"d29": 2}, ("rare", 0)),
        ({"d23": 1, "d26": 1, "d29": 1}, ("ongoing", 0)),
    ],
)
def test_the_days_on_which_it_was_seen_tell_the_phase(days: dict[str, int], expected: tuple[str, int]) -> None:
    assert phase(seen(**days), RAN) == expected


def test_a_machine_that_did_not_run_is_no_quiet_time() -> None:
    ran = np.where(np.arange(30) < 20, 100, 0)
    assert phase(seen(d0=5, d10=9), ran).name == "gone"
    assert phase(seen(d0=5, d19=9), ran).name == "ongoing"
    assert phase(seen(d28=9, d29=9), np.where(np.arange(30) < 28, 0, 100)).name == "ongoing"


def test_what_happens_at_random_is_hardly_ever_called_anything_but_ongoing() -> None:
    random = np.random.default_rng(7)
    told = [phase(random.binomial(100, rate, 30), RAN).name for rate in (0.01, 0.05, 0.3) for _ in range(1_000)]
    assert sum(name != "ongoing" for name in told) <= 6


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=40))
def test_any_days_have_a_phase(days: list[tuple[int, int]]) -> None:
    hit, more = (np.array(row) for row in zip(*days, strict=True))
    assert phase(hit, hit + more).name in PHASES
