from __future__ import annotations

import pandas as pd

from analyzer.strata import estimated
from dashboard.estimates import sampled

RETRIES = estimated("retries")


def rates(*rows: tuple[int, int | None, int | None, int | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(RETRIES)).astype("Int64")


def test_without_a_sample_there_is_nothing_to_say() -> None:
    assert sampled(rates((3, 3, 3, 3)), RETRIES, "the number of retries") is None
    assert sampled(rates(), RETRIES, "the number of retries") is None


def test_a_sample_is_said_with_its_interval() -> None:
    sentence = str(sampled(rates((3, 12, 8, 20), (1, 1, 1, 1)), RETRIES, "the number of retries"))
    assert "the number of retries is estimated at **13**, between 9 and 21." in sentence


def test_what_cannot_be_told_is_said_too() -> None:
    half = str(sampled(rates((3, 12, 8, 20), (1, None, None, None)), RETRIES, "it"))
    assert "For 1 row too little was fetched" in half
    assert "too small a" in str(sampled(rates((1, None, None, None)), RETRIES, "it"))


def test_money_is_money() -> None:
    of = estimated("cost_usd")
    frame = pd.DataFrame([(1.0, 2.0, 1.5, 2.5)], columns=list(of)).astype("Float64")
    assert "between \\$1.5" in str(sampled(frame, of, "the cost"))
