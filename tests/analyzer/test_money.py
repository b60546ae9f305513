"""Money is exact: AWS's own examples to the cent, the edges of its rules, and sums that do not depend on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer import money
from analyzer.prices import Price, PriceBook, bundled_prices
from store.errors import MisuseError, PriceUnknownError

DAY = date(2026, 11, 20)
BOOK = bundled_prices()
TRANSITION = BOOK.price("us-east-1", "standard_transition", DAY)
REQUEST = BOOK.price("us-east-1", "express_request", DAY)
GB_SECOND = BOOK.price("us-east-1", "express_gb_second", DAY)
GB_HOUR = BOOK.price("us-east-1", "express_gb_hour", DAY)
LOG_GB = BOOK.price("us-east-1", "log_gb", DAY)

CENT = Decimal("0.01")
CHUNKS_IN_GB_SECOND = 160
FIRST_EDGE, SECOND_EDGE = 3_600_000 * CHUNKS_IN_GB_SECOND, 18_000_000 * CHUNKS_IN_GB_SECOND

counts = st.integers(0, 10**9)
durations = st.integers(0, 300_000)
memories = st.integers(0, 3_008)


class TestTheWorkedExampleOfThePricingPage:
    """100 million executions of 10 s in a month; a definition of 50 KB, 400 Map steps with 32 KB each."""

    memory = money.estimated_memory_mb(definition_bytes=50_000, payload_bytes=32_000, map_steps=400)

    def cost_at(self, duration: Price) -> money.ExpressCost:
        return money.express_cost(100_000_000, 10_000, self.memory, request=REQUEST, duration=duration)

    def test_its_memory_is_62_85_mb_and_64_are_billed(self) -> None:
        assert (self.memory, money.billed_memory_mb(self.memory)) == (Decimal("62.85"), 64)

    def test_its_duration_is_62_5_million_gb_seconds(self) -> None:
        assert money.gb_seconds(100_000_000 * money.chunks(10_000, self.memory)) == 62_500_000

    def test_the_bill_by_gb_second(self) -> None:
        cost = self.cost_at(GB_SECOND)
        assert (cost.requests, cost.duration) == (Decimal(100), Decimal("382.884"))
        assert cost.total == Decimal("482.884")

    def test_the_page_by_gb_hour_to_the_cent(self) -> None:
        cost = self.cost_at(GB_HOUR)
        assert cost.duration.quantize(CENT) == Decimal("382.97")
        assert cost.total.quantize(CENT) == Decimal("482.97")


def test_the_example_of_the_workshop_three_transitions_saved_a_thousand_times() -> None:
    assert money.standard_cost(3 * 1_000, TRANSITION) == Decimal("0.075")


def test_the_price_of_one_chunk_is_that_of_the_workshop() -> None:
    assert money.duration_cost(1, GB_SECOND).quantize(Decimal("1e-10")) == Decimal("0.0000001042")


class TestRounding:
    @pytest.mark.parametrize(
        ("given", "billed"),
        [(0, 100), (1, 100), (99.9, 100), (100, 100), (100.01, 200), (101, 200), (801, 900), (300_000, 300_000)],
    )
    def test_durations_rise_to_100_ms(self, given: float, billed: int) -> None:
        assert money.billed_duration_ms(given) == billed

    @pytest.mark.parametrize(
        ("given", "billed"),
        [
            (0, 64),
            (50, 64),
            (64, 64),
            (64.01, 128),
            (65, 128),
            (Decimal("64.0000000000000000000000000000001"), 128),
            (1_200, 1_216),
        ],
    )
    def test_memory_rises_to_64_mb(self, given: money.Amount, billed: int) -> None:
        assert money.billed_memory_mb(given) == billed

    @given(durations, memories)
    def test_what_is_billed_is_a_whole_number_of_steps_and_less_than_one_step_too_much(self, ms: int, mb: int) -> None:
        billed_ms, billed_mb = money.billed_duration_ms(ms), money.billed_memory_mb(mb)
        assert billed_ms % 100 == billed_mb % 64 == 0
        assert 0 <= billed_ms - max(ms, 1) < 100
        assert 0 <= billed_mb - max(mb, 1) < 64

    @pytest.mark.parametrize(("steps", "mb"), [(40, "60.34"), (60, "65.46"), (0, "50.356"), (1, "50.356")])
    def test_memory_by_the_published_formula(self, steps: int, mb: str) -> None:
        assert money.estimated_memory_mb(100_000, 256_000, steps) == Decimal(mb)


class TestTiers:
    @pytest.mark.parametrize(
        ("chunk_count", "cost"),
        [
            (FIRST_EDGE, "60.012"),
            (FIRST_EDGE + CHUNKS_IN_GB_SECOND, "60.01200833"),
            (SECOND_EDGE, "179.964"),
            (SECOND_EDGE + CHUNKS_IN_GB_SECOND, "179.96400456"),
        ],
    )
    def test_an_edge_still_has_the_lower_tiers_price(self, chunk_count: int, cost: str) -> None:
        assert money.duration_cost(chunk_count, GB_SECOND) == Decimal(cost)

    def test_the_two_tables_differ_by_less_than_a_twentieth_of_a_percent(self) -> None:
        for chunk_count in (1, FIRST_EDGE, SECOND_EDGE, 10 * SECOND_EDGE):
            by_hour, by_second = (money.duration_cost(chunk_count, price) for price in (GB_HOUR, GB_SECOND))
            assert abs(by_hour / by_second - 1) < Decimal("0.0005")

    def test_a_tier_that_no_source_gives_is_not_guessed(self) -> None:
        price = BOOK.price("sa-east-1", "express_gb_second", DAY)
        assert money.duration_cost(FIRST_EDGE, price) == Decimal("60.012")
        with pytest.raises(PriceUnknownError, match="above 3,600,000 GB-seconds a month"):
            money.duration_cost(FIRST_EDGE + 1, price)


class TestTheFreeTier:
    @pytest.mark.parametrize(("made", "billed"), [(0, 0), (3_999, 0), (4_000, 0), (4_001, 1), (10_000, 6_000)])
    def test_4_000_transitions_of_an_accounts_month_are_free(self, made: int, billed: int) -> None:
        assert money.billed_transitions(made) == billed
        assert money.standard_cost(made, TRANSITION, free_tier=True) == TRANSITION.price * billed

    def test_the_list_price_knows_no_free_tier(self) -> None:
        assert money.standard_cost(4_000, TRANSITION) == Decimal("0.1")


class TestLogs:
    def test_a_gb_is_1024_to_the_third(self) -> None:
        assert money.log_cost(1_024**3, LOG_GB) == LOG_GB.price

    def test_ten_terabytes_are_the_first_tier(self) -> None:
        edge = 10 * 1_024**4
        assert money.log_cost(edge, LOG_GB) == 5_120
        assert money.log_cost(edge + 1_024**3, LOG_GB) == Decimal("5120.25")


class TestNumbersThatAreNone:
    @pytest.mark.parametrize("given", [-1, -0.5, float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
    def test_a_size_below_zero_or_without_value(self, given: money.Amount) -> None:
        for billed in (money.billed_duration_ms, money.billed_memory_mb):
            with pytest.raises(MisuseError, match=f"{given} is"):
                billed(given)

    @pytest.mark.parametrize("given", [-1, 0.5, float("nan"), float("inf")])
    def test_a_count_that_is_not_whole(self, given: Any) -> None:
        with pytest.raises(MisuseError, match=r"The number of transitions .* is"):
            money.standard_cost(given, TRANSITION)
        with pytest.raises(MisuseError, match=r"The number of executions .* is"):
            money.express_cost(given, 1, 1, request=REQUEST, duration=GB_SECOND)
        with pytest.raises(MisuseError, match=r"The number of log bytes .* is"):
            money.log_cost(given, LOG_GB)

    def test_a_float_that_is_whole_counts(self) -> None:
        assert money.standard_cost(1_000.0, TRANSITION) == Decimal("0.025")  # type: ignore[arg-type]


class TestSums:
    @given(st.lists(st.integers(0, 10**6), max_size=20))
    def test_the_list_price_of_transitions_is_the_same_over_any_partition(self, parts: list[int]) -> None:
        assert sum(money.standard_cost(part, TRANSITION) for part in parts) == money.standard_cost(
            sum(parts), TRANSITION
        )

    @given(st.lists(st.tuples(durations, memories), max_size=10))
    def test_single_executions_add_up_to_their_month_within_the_first_tier(self, runs: list[tuple[int, int]]) -> None:
        one_by_one = sum(money.express_execution_usd(ms, mb, "us-east-1", DAY, BOOK) for ms, mb in runs)
        chunk_count = sum(money.chunks(ms, mb) for ms, mb in runs)
        assert one_by_one == REQUEST.cost(len(runs)) + money.duration_cost(chunk_count, GB_SECOND)

    @given(counts, durations, memories, st.integers(0, 1_000))
    def test_more_never_costs_less(self, executions: int, ms: int, mb: int, more: int) -> None:
        cost = express_total(executions, ms, mb)
        assert cost <= express_total(executions + more, ms, mb)
        assert cost <= express_total(executions, ms + more, mb)
        assert cost <= express_total(executions, ms, mb + more)

    @given(counts, counts)
    def test_transitions_never_cost_less_when_there_are_more(self, made: int, more: int) -> None:
        for free_tier in (False, True):
            costs = [money.standard_cost(n, TRANSITION, free_tier=free_tier) for n in (made, made + more)]
            assert costs == sorted(costs)

    @given(counts, durations, memories)
    def test_the_month_is_its_requests_and_its_chunks(self, executions: int, ms: int, mb: int) -> None:
        chunk_count = executions * money.chunks(ms, mb)
        assert money.gb_seconds(chunk_count) * CHUNKS_IN_GB_SECOND == chunk_count
        assert express_total(executions, ms, mb) == REQUEST.cost(executions) + money.duration_cost(
            chunk_count, GB_SECOND
        )


def express_total(executions: int, ms: int, mb: int) -> Decimal:
    return money.express_cost(executions, ms, mb, request=REQUEST, duration=GB_SECOND).total


class TestOneExecution:
    def test_the_longest_run_at_64_mb(self) -> None:
        assert money.express_execution_usd(300_000, 64, "us-east-1", DAY, BOOK) == Decimal("0.0003135625")

    @pytest.mark.parametrize(("region", "day"), [("ap-northeast-2", DAY), ("us-east-1", date(2019, 1, 1)), ("", DAY)])
    def test_where_no_price_is_known_there_is_no_cost(self, region: str, day: date) -> None:
        with pytest.raises(PriceUnknownError):
            money.express_execution_usd(100, 64, region, day, BOOK)

    def test_another_currency_is_never_called_dollars(self) -> None:
        with pytest.raises(PriceUnknownError, match="in CNY, not in USD"):
            money.express_execution_usd(100, 64, "cn-north-1", DAY, IN_CHINA)


def moved(price: Price, **fields: Any) -> Price:
    return msgspec.structs.replace(price, **fields)


IN_CHINA = PriceBook(moved(price, region="cn-north-1", currency="CNY") for price in (TRANSITION, REQUEST, GB_SECOND))


def ms(year: int, month: int, day: int) -> int:
    return round(datetime(year, month, day, tzinfo=UTC).timestamp() * 1_000)


class TestPricesToJoin:
    def test_one_row_for_each_standard_price(self) -> None:
        rows = {row.region: row for row in money.transition_prices(BOOK)}
        assert sorted(rows) == list(BOOK.regions("standard_transition"))
        assert rows["ap-northeast-2"][1:4] == (ms(2020, 1, 1), None, Decimal("0.0000271"))

    def test_a_change_of_price_makes_two_rows_that_meet(self) -> None:
        change = date(2026, 2, 1)
        book = PriceBook([moved(TRANSITION, end=change), moved(TRANSITION, start=change)])
        assert [row[1:3] for row in money.transition_prices(book)] == [
            (ms(2020, 1, 1), ms(2026, 2, 1)),
            (ms(2026, 2, 1), None),
        ]

    def test_express_rows_hold_where_both_prices_do(self) -> None:
        change = date(2026, 2, 1)
        book = PriceBook(
            [moved(REQUEST, start=date(2025, 1, 1)), moved(GB_SECOND, end=change), moved(GB_SECOND, start=change)]
        )
        assert [row[1:3] for row in money.express_prices(book)] == [
            (ms(2025, 1, 1), ms(2026, 2, 1)),
            (ms(2026, 2, 1), None),
        ]

    def test_prices_that_never_held_together_make_no_row(self) -> None:
        book = PriceBook([moved(REQUEST, end=date(2025, 1, 1)), moved(GB_SECOND, start=date(2025, 1, 1))])
        assert money.express_prices(book) == []

    def test_other_currencies_have_no_row(self) -> None:
        assert [*money.transition_prices(IN_CHINA), *money.express_prices(IN_CHINA)] == []

    @given(durations, memories)
    def test_a_row_prices_an_execution_exactly_even_in_floating_point(self, ms: int, mb: int) -> None:
        [row] = [row for row in money.express_prices(BOOK) if row.region == "us-east-1"]
        usd = float(row.request_usd) + money.chunks(ms, mb) * float(row.chunk_usd)
        assert Decimal(str(round(usd, 15))) == money.express_execution_usd(ms, mb, "us-east-1", DAY, BOOK)

    @given(st.integers(0, 10**6))
    def test_a_row_prices_transitions_exactly_even_in_floating_point(self, made: int) -> None:
        for row in money.transition_prices(BOOK):
            assert Decimal(str(round(made * float(row.usd), 10))) == made * row.usd


def test_a_note_says_estimate_rule_price_and_day() -> None:
    said = money.note(TRANSITION)
    assert said.startswith("estimate: list price before the free tier; 0.000025 USD per transition in us-east-1")
    assert said.endswith(f"checked {TRANSITION.checked}")
    assert "100 ms and 64 MB" in money.note(GB_SECOND)
