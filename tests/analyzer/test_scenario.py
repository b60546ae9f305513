"""What a month of a workload would cost that nobody has run yet."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from analyzer.prices import PriceBook, bundled_prices
from analyzer.scenario import Scenario, outcome
from store.errors import MisuseError

ON, BOOK = date(2026, 10, 1), bundled_prices()


def test_a_month_both_ways() -> None:
    found = outcome(Scenario(executions=1_000_000, states=8, retries=0.25, duration_ms=1_000), ON, BOOK)
    assert found.transitions == 8_250_000
    assert found.standard_usd == (8_250_000 - 4_000) * Decimal("0.000025")
    assert found.express_requests_usd == 1
    assert found.express_duration_usd == 62_500 * Decimal("0.00001667")
    assert found.express_usd == found.express_requests_usd + found.express_duration_usd
    assert (found.cheaper, found.obstacle) == ("EXPRESS", "")
    assert found.logs_usd == 0


def test_logs_cost_what_their_level_writes() -> None:
    workload = Scenario(executions=1_000_000, states=4, retries=0.5, log_level="all")
    assert workload.log_bytes == 21_500
    assert outcome(workload, ON, BOOK).logs_usd == pytest.approx(Decimal(21_500_000_000) / 1_024**3 / 2)
    assert Scenario(retries=0.5, log_level="ERROR").log_bytes == 500
    assert Scenario(retries=0.5, log_level="FATAL").log_bytes == 0


def test_batches_of_a_distributed_map_save_transitions_and_forbid_express() -> None:
    single = outcome(Scenario(executions=1_000, states=2, items=1_000), ON, BOOK)
    batched = outcome(Scenario(executions=1_000, states=2, items=1_000, batch=30), ON, BOOK)
    assert (single.transitions, batched.transitions) == (1_002_000, 36_000)
    assert (batched.cheaper, batched.obstacle) == ("STANDARD", "Express has no Distributed Map.")


def test_asking_less_often_saves_transitions() -> None:
    often = Scenario(executions=100, states=4, poll_for_s=61, poll_every_s=2)
    rarely = Scenario(executions=100, states=4, poll_for_s=61, poll_every_s=30)
    assert (often.polls, often.transitions) == (31, 100 * (4 + 93))
    assert (rarely.polls, rarely.transitions) == (3, 100 * (4 + 9))
    assert rarely.total_ms == 1_000 + 90_000


def test_what_takes_longer_than_five_minutes_cannot_be_express() -> None:
    assert outcome(Scenario(duration_ms=300_000), ON, BOOK).obstacle == ""
    assert outcome(Scenario(duration_ms=300_001), ON, BOOK).cheaper == "STANDARD"
    assert outcome(Scenario(poll_for_s=600, poll_every_s=60), ON, BOOK).obstacle == "Express ends after 5 minutes."


def test_without_a_price_nothing_is_guessed() -> None:
    found = outcome(Scenario(region="mars-north-1"), ON, PriceBook([]))
    assert (found.standard_usd, found.express_usd, found.cheaper) == (None, None, "")
    assert "mars-north-1" in found.note


@pytest.mark.parametrize("wrong", [{"executions": -1}, {"retries": -0.5}, {"poll_for_s": 10}, {"log_level": "LOUD"}])
def test_numbers_that_cannot_be_meant_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(MisuseError):
        outcome(Scenario(**wrong), ON, BOOK)  # type: ignore[arg-type]
