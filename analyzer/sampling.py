"""What a sample says of the whole: estimates with an interval, where histories were left out to save calls.

The successes of one machine on one UTC day of start are a stratum. The collector fetches some of each at random and
leaves the others out; what is counted in those fetched stands for what would be in the others. Failures and redriven
executions are all fetched and stand for themselves.

The interval is that of Fay and Feuer (Statistics in Medicine 16, 1997) for weighted sums: a gamma distribution with the
mean and the variance of the estimate, its upper end moved by one event more. It holds for what is rare, where the usual
interval is too narrow, and is the usual one for what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analyzer.columns import MACHINE

STRATUM = [*MACHINE, "day"]
FEWEST = 2
"""Histories below which a stratum does not show how much its executions differ."""

Z = 1.959963984540054
"""95 of 100 values of a normal distribution lie closer to its mean than so many standard deviations."""

Floats = npt.NDArray[np.float64]


def represented(strata: pd.DataFrame) -> pd.DataFrame:
    """Each stratum with the day whose sample stands for it: `stands_for`, its own where enough was fetched.

    Otherwise it is one of the days next to it, the one before where there is one; empty when the machine has none.
    `strata` has the columns of a stratum, `fetched` and `left_out`.
    """
    ordered = strata.sort_values(STRATUM).reset_index(drop=True)
    own = ordered["day"].astype("Float64").where(ordered["fetched"] >= FEWEST)
    by_machine = own.groupby([ordered[name].fillna("") for name in MACHINE])
    return ordered.assign(stands_for=by_machine.ffill().fillna(by_machine.bfill()).astype("Int64"))


def unrepresented(strata: pd.DataFrame) -> pd.DataFrame:
    """The machines of which executions were left out and too few fetched to say anything of them."""
    known = represented(strata)
    return known[known["stands_for"].isna() & (known["left_out"] > 0)][[*MACHINE]].drop_duplicates()


def extrapolated(sums: pd.DataFrame, strata: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """By group, what the executions left out are estimated to add: `added`, `added_low`, `added_high` (95 of 100).

    `sums` has a row per group and stratum in which the sample has something: `total`, the sum over executions, and
    `squares`, the sum of their squares. A group of which the sample has nothing, or too little, has no row.
    """
    known = represented(strata).dropna(subset="stands_for")
    merged = _of_representatives(sums, known, by).merge(_representatives(known), on=[*MACHINE, "stands_for"])
    terms = merged.assign(**_terms(merged))
    groups = terms.groupby(list(by), dropna=False)[["added", "variance", "freedom", "total", "squares"]].sum()
    found = groups.reset_index().merge(_weights(known), on=[*MACHINE], how="left")
    low, high = _interval(found)
    return found.assign(added_low=low, added_high=high)[[*by, "added", "added_low", "added_high"]]


def _of_representatives(sums: pd.DataFrame, known: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The sums by the day that stands for each stratum."""
    dated = sums.merge(known[[*STRATUM, "stands_for"]], on=STRATUM)
    return dated.groupby([*by, "stands_for"], dropna=False)[["total", "squares"]].sum().reset_index()


def _representatives(known: pd.DataFrame) -> pd.DataFrame:
    """How many histories stand for how many executions left out, by machine and day that stands for them."""
    return known.groupby([*MACHINE, "stands_for"], dropna=False)[["fetched", "left_out"]].sum().reset_index()


def _terms(merged: pd.DataFrame) -> dict[str, Floats]:
    """What each stratum adds to an estimate, to its variance, and to the degrees of freedom of that variance."""
    n, left = (merged[name].to_numpy(np.float64) for name in ("fetched", "left_out"))
    total, squares = (merged[name].to_numpy(np.float64) for name in ("total", "squares"))
    spread = np.maximum(squares - total**2 / n, 0.0) / (n - 1)
    variance = (n + left) * left / n * spread
    return {"added": left / n * total, "variance": variance, "freedom": variance**2 / (n - 1)}


def _weights(known: pd.DataFrame) -> pd.DataFrame:
    """By machine, how many executions left out one history stands for."""
    sums = known.groupby([*MACHINE], dropna=False)[["fetched", "left_out"]].sum().reset_index()
    return sums.assign(weight=sums["left_out"] / sums["fetched"])[[*MACHINE, "weight"]]


def _interval(found: pd.DataFrame) -> tuple[Floats, Floats]:
    """The ends of the interval of each estimate."""
    added, variance, weight = (found[name].to_numpy(np.float64) for name in ("added", "variance", "weight"))
    event = _quotient(found["squares"].to_numpy(np.float64), found["total"].to_numpy(np.float64))
    z = _student(_quotient(variance**2, found["freedom"].to_numpy(np.float64)))
    low = _gamma(added, variance, -z)
    high = _gamma(added + weight * event, variance + weight * (weight + 1) * event**2, z)
    return (
        np.where(weight > 0, _whole(np.floor, low, event), added),
        np.where(weight > 0, _whole(np.ceil, high, event), added),
    )


def _whole(rounded: Callable[[Floats], Floats], amount: Floats, event: Floats) -> Floats:
    """An amount in whole events: what is left out holds no half of one."""
    whole: Floats = rounded(_quotient(amount, event)) * event
    return whole


def _quotient(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _student(freedom: Floats) -> Floats:
    """The quantile of Student's distribution that is `Z` of the normal one, by Cornish and Fisher's expansion."""
    f = np.where(freedom > 0, np.maximum(freedom, 1.0), np.inf)
    z3, z5, z7 = Z**3, Z**5, Z**7
    quantile: Floats = (
        Z
        + (z3 + Z) / (4 * f)
        + (5 * z5 + 16 * z3 + 3 * Z) / (96 * f**2)
        + (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / (384 * f**3)
    )
    return quantile


def _gamma(mean: Floats, variance: Floats, z: Floats) -> Floats:
    """The quantile of the gamma distribution of this mean and variance at `z`, after Wilson and Hilferty."""
    ninth = _quotient(variance, 9 * mean**2)
    quantile: Floats = mean * np.maximum(0.0, 1 - ninth + z * np.sqrt(ninth)) ** 3
    return quantile
