"""What a part saves."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from analyzer.definition import parse_definition
from analyzer.prices import PriceBook, bundled_prices
from analyzer.segment_runs import Runs
from analyzer.segment_savings import Sums, saving_of, terms_on
from analyzer.segments import express_parts
from tests.analyzer.test_segments import CALLBACK, chain

DAY = date(2026, 10, 1)
TERMS = terms_on(DAY, "us-east-1", bundled_prices())
[PART] = express_parts(parse_definition(chain("A", "B", "C", A=CALLBACK)))
READ = Runs(runs=10, entries=10, p99_ms=100, max_ms=100, steps=10)


def test_one_transition_a_run_stays_and_the_rest_is_saved() -> None:
    found = saving_of(PART, READ, {"B": Sums(1_000, 1_000, 5_000), "C": Sums(1_100, 1_000, 5_300)}, TERMS)
    assert (found.runs, found.transitions, found.transitions_saved) == (1_000, 2_100, 1_100)
    assert found.standard_usd == Fraction("0.0525")
    assert found.express_usd == 1_000 * (Fraction("0.000026") + Fraction("0.00001667") / 160)
    assert float(found.logs_usd or 0) == pytest.approx(10_300_000 / 1_024**3 * 0.5)
    assert found.usd == found.standard_usd - found.express_usd - (found.logs_usd or 0)


def test_what_was_read_is_taken_for_all_runs() -> None:
    twice = Runs(runs=10, entries=20, p99_ms=100, max_ms=100, steps=30)
    found = saving_of(PART, twice, {"B": Sums(1_000, 1_000, 0)}, TERMS)
    assert found.runs == 500
    assert found.express_usd == 500 * (Fraction("0.000026") + 3 * Fraction("0.00001667") / 160)


def test_without_a_price_only_transitions_are_known() -> None:
    terms = terms_on(DAY, "us-east-1", PriceBook([]))
    found = saving_of(PART, READ, {"B": Sums(20, 10, 50)}, terms)
    assert (found.transitions_saved, found.usd) == (10, None)
    assert "us-east-1" in terms.note
