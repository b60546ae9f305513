from __future__ import annotations

import pytest

from analyzer.prices import Price, PriceBook, bundled_prices
from tests.analyzer.prices.test_offers import DAY as CHECKED
from tests.analyzer.rows import Row, answer, picked

BOOK = bundled_prices()
EXPRESS: Row = {"type": "EXPRESS", "machine": "ticker", "transitions": 0, "duration_ms": 16_000}


def test_each_machine_has_its_part_of_the_free_tier() -> None:
    runs: list[Row] = [{"transitions": 6_000}, {"transitions": 2_000, "machine": "billing"}]
    rows = answer("monthly_costs", executions=runs, prices=BOOK)
    assert picked(rows, "machine", "list_amount", "free_tier_amount", "cost_amount") == [
        ("billing", pytest.approx(0.05), pytest.approx(0.025), pytest.approx(0.025)),
        ("orders", pytest.approx(0.15), pytest.approx(0.075), pytest.approx(0.075)),
    ]


def test_express_is_requests_and_gb_seconds() -> None:
    [row] = answer("monthly_costs", executions=[EXPRESS], prices=BOOK)
    assert (row["gb_seconds"], row["usage_source"], row["transitions"]) == (1, "histories", 0)
    assert row["cost_amount"] == pytest.approx(0.000001 + 0.00001667)


def test_another_currency_is_carried_and_stands_in_no_column_of_dollars() -> None:
    [price] = [entry for entry in BOOK.entries if entry.region == "us-east-1" and entry.unit == "transition"]
    yuan = Price(
        **{name: getattr(price, name) for name in ("dimension", "unit", "price", "start", "end", "source")},
        region="cn-north-1",
        currency="CNY",
        checked=CHECKED,
    )
    runs: list[Row] = [{"transitions": 8_000, "region": "cn-north-1", "cost_usd": None, "account": "9"}]
    book = PriceBook([*BOOK.entries, yuan])
    [row] = answer("monthly_costs", executions=runs, prices=book)
    assert (row["currency"], row["list_amount"], row["cost_amount"]) == ("CNY", 0.2, 0.1)
    [month] = answer("cost_by_month", executions=runs, prices=book)
    assert month["cost_usd"] is None


def test_a_machine_without_a_price_says_why() -> None:
    [row] = answer("monthly_costs", executions=[{"region": "mars-1", "cost_usd": None}], prices=BOOK)
    assert (row["cost_amount"], row["currency"]) == (None, None)
    assert "mars-1" in row["cost_note"]
