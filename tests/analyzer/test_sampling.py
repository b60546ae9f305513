"""Estimates from a sample: worked examples, published quantiles, and the promise of the interval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analyzer.sampling import _gamma, _student, extrapolated, represented, unrepresented

OF = {"region": "us-east-1", "account": "1"}
BY = ["machine", "region", "account", "state"]


def strata(*rows: tuple[str, int, int, int]) -> pd.DataFrame:
    """Rows of machine, day, fetched and left out."""
    return pd.DataFrame([dict(zip(("machine", "day", "fetched", "left_out"), row, strict=True)) | OF for row in rows])


def sums(*rows: tuple[str, int, float, float]) -> pd.DataFrame:
    """Rows of machine, day, total and squares."""
    named = [dict(zip(("machine", "day", "total", "squares"), row, strict=True)) | OF for row in rows]
    return pd.DataFrame([row | {"state": "Charge"} for row in named])


def test_what_was_fetched_stands_for_what_was_left_out() -> None:
    """Of 1,000, 100 were fetched and 40 of them retried once: 360 more in the other 900."""
    [row] = extrapolated(sums(("orders", 1, 40, 40)), strata(("orders", 1, 100, 900)), BY).to_dict("records")
    assert row["added"] == pytest.approx(360)
    # Textbook: 900 more at a share of 0.4 from 100, standard error 1000 * sqrt(0.9 * 0.4 * 0.6 / 99) = 46.7.
    assert 265 <= row["added_low"] <= 280
    assert 455 <= row["added_high"] <= 485


def test_days_are_weighted_each_by_its_own() -> None:
    found = extrapolated(
        sums(("orders", 1, 10, 10), ("orders", 2, 10, 10)), strata(("orders", 1, 10, 0), ("orders", 2, 20, 80)), BY
    )
    assert found["added"].tolist() == [40.0]


def test_what_was_fetched_whole_has_no_interval() -> None:
    [row] = extrapolated(sums(("orders", 1, 7, 9)), strata(("orders", 1, 10, 0)), BY).to_dict("records")
    assert (row["added"], row["added_low"], row["added_high"]) == (0, 0, 0)


def test_a_day_of_which_too_little_was_fetched_borrows_from_the_day_before() -> None:
    known = strata(("orders", 1, 1, 9), ("orders", 2, 10, 10), ("orders", 3, 0, 10), ("new", 3, 1, 5))
    stands = represented(known).set_index(["machine", "day"])["stands_for"]
    assert [stands["orders", day] for day in (1, 2, 3)] == [2, 2, 2]
    assert unrepresented(known)["machine"].tolist() == ["new"]
    [row] = extrapolated(sums(("orders", 2, 11, 21)), known, BY).to_dict("records")
    assert row["added"] == pytest.approx(29 / 11 * 11)


@pytest.mark.parametrize(("freedom", "published"), [(3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042), (1e9, 1.960)])
def test_the_quantiles_of_students_distribution_are_the_published_ones(freedom: float, published: float) -> None:
    assert _student(np.array([freedom]))[0] == pytest.approx(published, rel=0.01)


@pytest.mark.parametrize(("degrees", "low", "high"), [(4, 0.484, 11.143), (10, 3.247, 20.483), (30, 16.791, 46.979)])
def test_the_quantiles_of_the_gamma_distribution_are_the_published_ones(degrees: int, low: float, high: float) -> None:
    """Those of chi-square, which is a gamma distribution with this mean and twice that variance."""
    mean, variance = np.array([float(degrees)]), np.array([2.0 * degrees])
    assert _gamma(mean, variance, np.array([-1.96]))[0] == pytest.approx(low, abs=0.06)
    assert _gamma(mean, variance, np.array([1.96]))[0] == pytest.approx(high, abs=0.06)


SEEDS, DAYS, LEAST = 400, 10, 10
AMOUNTS: dict[str, Callable[[Any, int, int], Any]] = {
    "one execution in 200 retries": lambda dice, size, _: dice.random(size) < 0.005,
    "one in 20": lambda dice, size, _: dice.poisson(0.05, size),
    "every third of three tries": lambda dice, size, _: dice.binomial(3, 0.3, size),
    "one bad day": lambda dice, size, day: dice.random(size) < (0.4 if day == 6 else 0.002),
    "costs": lambda dice, size, _: dice.lognormal(0, 0.6, size) * 0.000025,
}


@pytest.mark.parametrize("fetched", [0.03, 0.3], ids=["few fetched", "many fetched"])
@pytest.mark.parametrize("amount", AMOUNTS)
def test_the_interval_covers_the_truth(amount: str, fetched: float) -> None:
    """In at least 93 of 100 worlds, each a machine of its own here."""
    known, seen, truth = [], [], {}
    for seed in range(SEEDS):
        dice = np.random.default_rng(seed)
        left_out = 0.0
        for day in range(DAYS):
            size = int(np.exp(dice.uniform(np.log(20), np.log(2_000))))
            cells = np.asarray(AMOUNTS[amount](dice, size, day), float)
            chosen = min(size, max(LEAST, int(fetched * np.sqrt(size * 2_000))))
            known.append((f"{seed}", day, chosen, size - chosen))
            seen.append((f"{seed}", day, cells[:chosen].sum(), (cells[:chosen] ** 2).sum()))
            left_out += cells[chosen:].sum()
        truth[f"{seed}"] = left_out
    found = extrapolated(sums(*(row for row in seen if row[2])), strata(*known), BY)
    wanted = found["machine"].map(truth)
    covered = (found["added_low"] <= wanted * (1 + 1e-9)) & (wanted <= found["added_high"] * (1 + 1e-9))
    assert covered.mean() >= 0.93
    assert found["added"].sum() == pytest.approx(sum(truth.values()), rel=0.1)
