"""What the analyses make of their sums: ratios, shares and an order."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd


def ratio(part: pd.Series, whole: pd.Series) -> pd.Series:
    """A part of a whole; empty where there is no whole."""
    return part / whole.where(whole != 0)


def share(part: pd.Series) -> pd.Series:
    """What part of their sum each value is; empty where there is no sum."""
    total = part.sum()
    return part / (total or pd.NA)


def of_group(frame: pd.DataFrame, by: Sequence[str], column: str) -> pd.Series:
    """The sum of a column over all rows of the same group, in each of them."""
    return frame.groupby(list(by), dropna=False)[column].transform("sum")


def ranked(frame: pd.DataFrame, by: str, keys: Sequence[str]) -> pd.DataFrame:
    """The rows from the greatest to the least, in the order of their keys where they are equal; empty cells last."""
    return frame.sort_values([by, *keys], ascending=[False, *[True] * len(keys)], ignore_index=True)
