"""Ratios of nothing are empty, shares add up, orders are total."""

from __future__ import annotations

import pandas as pd
import pytest

from analyzer.ratios import of_group, ranked, ratio, share


def series(*values: float | None, dtype: str = "Int64") -> pd.Series:
    return pd.Series(values, dtype=dtype)


def cells(found: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in found]


def test_a_ratio_is_empty_where_there_is_no_whole() -> None:
    assert cells(ratio(series(1, 0, 5, None, 2), series(4, 3, 0, 2, None))) == [0.25, 0, None, None, None]


@pytest.mark.parametrize("dtype", ["Int64", "Float64"])
def test_shares_are_of_what_is_known(dtype: str) -> None:
    assert cells(share(series(3, 1, None, dtype=dtype))) == [0.75, 0.25, None]


def test_shares_of_nothing_are_empty() -> None:
    assert cells(share(series(0, 0))) == [None, None]
    assert cells(share(series(None, dtype="Float64"))) == [None]
    assert cells(share(series())) == []


def test_a_group_may_have_an_empty_key() -> None:
    frame = pd.DataFrame({"region": pd.array(["a", None, "a", None], dtype="string"), "visits": [1, 2, 4, 8]})
    assert of_group(frame, ["region"], "visits").tolist() == [5, 10, 5, 10]


def test_the_greatest_comes_first_then_the_key_and_empty_cells_last() -> None:
    frame = pd.DataFrame({"state": ["d", "c", "b", "a"], "retries": series(1, 2, 1, None)})
    assert ranked(frame, "retries", ["state"])["state"].tolist() == ["c", "b", "d", "a"]
