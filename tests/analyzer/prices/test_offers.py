"""The Price List as AWS writes it becomes prices, and nothing else of it does."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from analyzer.prices import Price, PriceBook, bundled_prices
from analyzer.prices.offers import Offers, kept_with, offers_of_api, offers_of_file
from store.errors import StepscopeError
from tests.analyzer.offers import EVERYTHING, FREE, SEOUL, SEOUL_SECONDS, TRAFFIC, bulk_file, product

DAY = date(2026, 11, 20)


def offered(*products: object) -> Offers:
    return offers_of_api([json.dumps(one) for one in products], DAY)


def only(offers: Offers) -> Price:
    [price] = offers.prices
    return price


def test_a_product_is_a_price_from_the_day_it_took_effect() -> None:
    price = only(offered(SEOUL))
    assert (price.region, price.dimension, price.price, price.currency, price.unit) == (
        "ap-northeast-2",
        "standard_transition",
        Decimal("0.0000271"),
        "USD",
        "transition",
    )
    assert (price.start, price.end, price.checked) == (date(2025, 7, 1), None, DAY)
    assert "APN2-StateTransition" in price.source


def test_tiers_are_ordered_by_the_number_they_begin_at() -> None:
    price = only(offered(SEOUL_SECONDS))
    assert [price.price, *((int(t.above), t.price) for t in price.tiers)] == [
        Decimal("0.00001667"),
        (3_600_000, Decimal("0.00000833")),
        (18_000_000, Decimal("0.00000456")),
    ]


def test_the_free_tier_and_what_is_no_step_functions_price_are_skipped() -> None:
    assert offered(FREE, TRAFFIC, product("", ("0", "1"))) == Offers((), ())


def test_a_step_that_costs_nothing_is_a_free_tier_and_no_price() -> None:
    assert only(offered(product("StateTransition", ("0", "0.0000"), ("4000", "0.000025")))).price == Decimal("0.000025")


@pytest.mark.parametrize("usage", ["StateTransition", "USE1-StateTransition", "EUW1-StateTransition"])
@pytest.mark.parametrize("unit", ["StateTransitions", "GB-Seconds", ""])
def test_the_usage_type_decides_and_never_the_unit(usage: str, unit: str) -> None:
    assert only(offered(product(usage, ("0", "0.00003"), unit=unit))).dimension == "standard_transition"


def test_another_currency_stays_one() -> None:
    price = only(offered(product("CNN1-StateTransition", ("0", "0.0001891"), region="cn-north-1", currency="CNY")))
    assert (price.currency, price.price) == ("CNY", Decimal("0.0001891"))


def test_the_same_price_twice_is_one_and_two_prices_of_one_day_are_none() -> None:
    again = product("APN2-StateTransition", ("0", "0.0000271"), sku="S2")
    other = product("-StateTransition", ("0", "9"))
    assert len(offered(SEOUL, again).prices) == 1
    refused = offered(SEOUL, other)
    assert refused.prices == ()
    assert "two prices for standard_transition in ap-northeast-2 from 2025-07-01" in refused.refused[0]


def test_prices_of_several_days_follow_one_another() -> None:
    found = offered(product("APN2-StateTransition", ("0", "9"), effective="2026-01-01", sku="S2"), SEOUL).prices
    assert [(one.start, one.end, one.price) for one in found] == [
        (date(2025, 7, 1), date(2026, 1, 1), Decimal("0.0000271")),
        (date(2026, 1, 1), None, Decimal(9)),
    ]


def test_the_bulk_file_says_the_same_as_the_api() -> None:
    from_file = offers_of_file(json.dumps(bulk_file(*EVERYTHING)).encode(), DAY).prices
    facts = [(e.region, e.dimension, e.price, e.tiers, e.start) for e in from_file]
    assert facts == [(e.region, e.dimension, e.price, e.tiers, e.start) for e in offered(*EVERYTHING).prices]
    assert "published 2026-09-01" in from_file[0].source


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"products": 1}'])
def test_a_file_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(StepscopeError, match="no AWS Price List"):
        offers_of_file(data, DAY)


class TestHistory:
    def test_a_new_price_ends_the_one_before(self) -> None:
        kept = kept_with((), offered(SEOUL).prices)
        kept = kept_with(kept, offered(product("APN2-StateTransition", ("0", "9"), effective="2026-12-01")).prices)
        assert [(one.start, one.end) for one in kept] == [
            (date(2025, 7, 1), date(2026, 12, 1)),
            (date(2026, 12, 1), None),
        ]

    def test_a_price_that_goes_on_keeps_its_first_day_and_is_checked_anew(self) -> None:
        kept = kept_with((), offered(SEOUL).prices)
        later = [json.dumps(product("APN2-StateTransition", ("0", "0.0000271"), effective="2026-12-01"))]
        [price] = kept_with(kept, offers_of_api(later, date(2026, 12, 9)).prices)
        assert (price.start, price.checked) == (date(2025, 7, 1), date(2026, 12, 9))

    def test_a_second_refresh_changes_nothing(self) -> None:
        kept = kept_with((), offered(*EVERYTHING).prices)
        assert kept_with(kept, offered(*EVERYTHING).prices) == kept

    def test_it_replaces_what_came_with_stepscope_from_its_day_on(self) -> None:
        moved = product("APN2-StateTransition", ("0", "9"), effective="2026-06-01")
        book: PriceBook = bundled_prices().refreshed(kept_with((), offered(moved).prices))
        days = (date(2026, 5, 31), date(2026, 6, 1))
        found = [book.price("ap-northeast-2", "standard_transition", day).price for day in days]
        assert found == [Decimal("0.0000271"), Decimal(9)]
