"""What `stepscope estimate` answers: exact numbers, the fields that others read, and no answer where none is known."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.estimates import (
    ExpressEstimate,
    LogVolume,
    StandardEstimate,
    express_estimate,
    log_volume,
    standard_estimate,
)
from analyzer.prices import PriceBook, bundled_prices
from store.errors import MisuseError, PriceUnknownError

DAY = date(2026, 11, 20)
BOOK = bundled_prices()


def standard(transitions: Any, region: str = "us-east-1", **options: Any) -> StandardEstimate:
    return standard_estimate(transitions, region=region, on=DAY, book=BOOK, **options)


def express(executions: Any, ms: Any = 100, mb: Any = 64, region: str = "us-east-1", **options: Any) -> ExpressEstimate:
    return express_estimate(executions, ms, mb, region=region, on=DAY, book=BOOK, **options)


def exactly(estimate: StandardEstimate | ExpressEstimate) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(estimate.to_json(), parse_float=Decimal)
    return found


class TestStandard:
    def test_it_has_the_fields_that_others_read(self) -> None:
        assert list(exactly(standard(5_000))) == [
            "transitions",
            "billed_transitions",
            "total_usd",
            "price_checked",
            "price_source",
        ]

    def test_the_free_tier_is_subtracted_unless_refused(self) -> None:
        assert exactly(standard(4_001)) | {"billed_transitions": 1, "total_usd": Decimal("0.000025")} == exactly(
            standard(4_001)
        )
        assert exactly(standard(3_000, free_tier=False))["total_usd"] == Decimal("0.075")

    def test_within_the_free_tier_it_is_zero_and_not_missing(self) -> None:
        assert '"billed_transitions":0,"total_usd":0,' in standard(4_000).to_json()

    def test_it_says_where_its_price_is_from(self) -> None:
        found = exactly(standard(1, "ap-northeast-2"))
        assert found["price_checked"] == BOOK.price("ap-northeast-2", "standard_transition", DAY).checked.isoformat()
        assert found["price_source"].startswith("https://aws.amazon.com/step-functions/pricing/")

    @pytest.mark.parametrize("transitions", [-1, 1.5, float("nan")])
    def test_a_number_that_is_none_is_refused(self, transitions: float) -> None:
        with pytest.raises(MisuseError, match="The number of transitions"):
            standard(transitions)

    def test_an_unknown_region_is_refused(self) -> None:
        with pytest.raises(PriceUnknownError):
            standard(1, "mars-north-1")


class TestExpress:
    def test_the_worked_example_of_the_pricing_page(self) -> None:
        found = exactly(express(100_000_000, 10_000, Decimal("62.85")))
        del found["price_source"], found["price_checked"]
        assert found == {
            "executions": 100_000_000,
            "billed_duration_ms": 10_000,
            "billed_memory_mb": 64,
            "gb_seconds": 62_500_000,
            "requests_usd": 100,
            "duration_usd": Decimal("382.884"),
            "total_usd": Decimal("482.884"),
        }

    def test_nothing_given_is_still_a_step_of_each(self) -> None:
        found = express(1, 0, 0)
        assert (found.billed_duration_ms, found.billed_memory_mb, found.gb_seconds) == (100, 64, Decimal("0.00625"))

    def test_no_execution_costs_nothing(self) -> None:
        assert express(0).total_usd == 0

    def test_its_sources_are_named_once_each(self) -> None:
        sources = exactly(express(1))["price_source"].split(" | ")
        assert len(sources) == len(set(sources)) == 2

    def test_the_oldest_check_of_its_prices_is_the_one_shown(self) -> None:
        older = [
            msgspec.structs.replace(price, checked=date(2026, 1, 1))
            for price in BOOK.entries
            if price.dimension == "express_request"
        ]
        estimate = express_estimate(1, 1, 1, region="us-east-1", on=DAY, book=BOOK.refreshed(older))
        assert estimate.price_checked == date(2026, 1, 1)

    @pytest.mark.parametrize(("ms", "too_long"), [(300_000, False), (300_001, True)])
    def test_it_knows_that_express_ends_after_five_minutes(self, ms: int, too_long: bool) -> None:
        assert express(1, ms).too_long is too_long

    @pytest.mark.parametrize(
        ("given", "what"), [((-1, 1, 1), "executions"), ((1, -1, 1), "duration"), ((1, 1, -1), "memory")]
    )
    def test_a_number_that_is_none_is_refused(self, given: tuple[int, int, int], what: str) -> None:
        with pytest.raises(MisuseError, match=what):
            express(*given)

    @pytest.mark.parametrize("region", ["ap-northeast-2", "us-gov-west-1", "mars-north-1"])
    def test_a_region_without_an_express_price_is_refused(self, region: str) -> None:
        with pytest.raises(PriceUnknownError, match=region):
            express(1, region=region)


class TestLogs:
    def test_without_a_volume_there_is_no_field(self) -> None:
        assert "logs_usd" not in exactly(express(1))

    def test_the_bytes_are_those_of_one_execution(self) -> None:
        found = express(1_024**2, logs=LogVolume("ALL", 1_024))
        assert found.logs_usd == BOOK.price("us-east-1", "log_gb", DAY).price
        assert found.total_usd == found.requests_usd + found.duration_usd + found.logs_usd

    def test_a_level_that_writes_nothing_costs_nothing(self) -> None:
        assert exactly(express(10**9, logs=LogVolume("OFF", 1_024)))["logs_usd"] == 0

    def test_a_level_that_writes_nothing_needs_no_price(self) -> None:
        book = PriceBook(price for price in BOOK.entries if price.dimension != "log_gb")
        assert express_estimate(1, 1, 1, region="us-east-1", on=DAY, book=book, logs=LogVolume("OFF", 1)).logs_usd == 0

    @pytest.mark.parametrize(
        ("level", "size", "volume"),
        [("all", 10, LogVolume("ALL", 10)), ("ERROR", 0, LogVolume("ERROR", 0)), ("ALL", None, None), (None, 10, None)],
    )
    def test_a_volume_needs_both_halves(self, level: str | None, size: int | None, volume: LogVolume | None) -> None:
        assert log_volume(level, size) == volume

    def test_an_unknown_level_is_refused_with_those_that_exist(self) -> None:
        with pytest.raises(MisuseError, match="'DEBUG' is no log level") as refused:
            log_volume("DEBUG", None)
        assert "ALL, ERROR, FATAL, OFF" in refused.value.hint

    def test_bytes_below_zero_are_refused(self) -> None:
        with pytest.raises(MisuseError, match="log bytes"):
            log_volume("ALL", -1)


class TestJson:
    @given(st.integers(0, 10**12), st.integers(0, 300_000), st.integers(0, 10_000), st.integers(0, 10**6))
    def test_every_number_is_the_exact_one(self, executions: int, ms: int, mb: int, size: int) -> None:
        estimate = express(executions, ms, mb, logs=LogVolume("ALL", size))
        found = exactly(estimate)
        assert [found[name] for name in ("gb_seconds", "requests_usd", "duration_usd", "logs_usd", "total_usd")] == [
            estimate.gb_seconds,
            estimate.requests_usd,
            estimate.duration_usd,
            estimate.logs_usd,
            estimate.total_usd,
        ]

    def test_no_exponent_and_no_digit_too_many(self) -> None:
        assert '"total_usd":0.0000011041875,' in express(1).to_json()
        assert '"requests_usd":10,' in express(10_000_000).to_json()

    def test_a_currency_is_named_when_it_is_not_the_dollar(self) -> None:
        moved = [
            msgspec.structs.replace(price, region="cn-north-1", currency="CNY")
            for price in BOOK.entries
            if price.region == "us-east-1"
        ]
        book = PriceBook(moved)
        for estimate in (
            standard_estimate(1, region="cn-north-1", on=DAY, book=book),
            express_estimate(1, 1, 1, region="cn-north-1", on=DAY, book=book),
        ):
            assert exactly(estimate)["currency"] == "CNY"
