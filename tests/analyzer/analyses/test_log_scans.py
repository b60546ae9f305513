"""What counting by Logs Insights has cost."""

from __future__ import annotations

import pytest

from analyzer.frames import frame_from
from analyzer.prices import bundled_prices
from store.records import record_named
from tests.analyzer.rows import DAY, OCTOBER, answer, picked

COLUMNS = record_named("log_queries").columns
GB = 1_024**3


def test_bytes_of_a_month_and_group_are_priced_where_a_price_is_known() -> None:
    rows = [
        ("us-east-1", "/a", OCTOBER, GB),
        ("us-east-1", "/a", OCTOBER + DAY, 3 * GB),
        ("us-east-1", "/a", OCTOBER + 40 * DAY, 0),
        ("ap-northeast-2", "/b", OCTOBER, GB),
    ]
    found = answer("log_scans", records={"log_queries": frame_from(rows, COLUMNS)}, prices=bundled_prices())
    assert picked(found, "month", "region", "log_group", "queries", "bytes_scanned", "cost_usd") == [
        ("2026-10", "ap-northeast-2", "/b", 1, GB, None),
        ("2026-10", "us-east-1", "/a", 2, 4 * GB, pytest.approx(0.02)),
        ("2026-11", "us-east-1", "/a", 1, 0, 0),
    ]
    assert str(found[0]["cost_note"]).startswith("No price is known")
    assert str(found[1]["cost_note"]).startswith("0.005 USD per GB, checked ")


def test_no_query_costs_nothing() -> None:
    assert answer("log_scans", records={"log_queries": frame_from([], COLUMNS)}) == []
