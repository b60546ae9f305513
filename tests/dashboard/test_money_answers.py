"""The sentences of the pages about money."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analyzer.cost_savings import COLUMNS
from analyzer.prices import PriceBook, bundled_prices
from analyzer.scenario import Scenario, outcome
from dashboard import money_answers
from tests.dashboard.answered import HOSTILE, answered, nothing

ON, BOOK = date(2026, 10, 1), bundled_prices()


def test_purposes_say_what_counted_and_what_the_rest_was() -> None:
    sentence = money_answers.purposes(answered("cost_by_purpose"))
    assert sentence.startswith(r"**14 % of \$0.00018** was work that counted; ")
    assert r"\$0.00013 [failures](glossary#purpose)" in sentence
    assert money_answers.purposes(nothing("cost_by_purpose")) == "No cost is known."


def one(**cells: object) -> pd.DataFrame:
    row = {column.name: None for column in COLUMNS}
    return pd.DataFrame([{**row, "effort": "low", "confidence": "high", "saving_per_month_usd": 2.0, **cells}])


def test_savings_name_the_greatest_with_effort_and_confidence() -> None:
    sentence = money_answers.savings(one(machine=HOSTILE, saving="Make it Express"))
    assert sentence.startswith("**1 thing** could save money.")
    assert rf"`{HOSTILE}`, \$2.00 a month: Make it Express (low effort, high confidence)" in sentence
    assert money_answers.savings(one().head(0)).startswith("Nothing is known that would save money")


def test_a_saving_that_holds_a_strangers_names_is_text() -> None:
    assert "<b>" not in money_answers.savings(one(machine="m", saving=f"Retry {HOSTILE} less often"))


def test_parts_are_counted_with_what_they_save() -> None:
    found = pd.DataFrame(
        {
            "machine": ["a", "a", "b"],
            "saving_usd": [1.0, 2.0, None],
            "saving_per_month_usd": [2.0, 4.0, None],
            "transitions_saved": [10, 20, 5],
        }
    )
    expected = (
        r"**3 parts** of 2 machines would save 35 transitions, \$6.00 a month; for 1 of them a price is not known."
    )
    assert money_answers.segments(found) == expected
    assert money_answers.segments(found.head(0)).startswith("No part of a machine")


def test_scenarios_are_compared_at_their_cheaper_type() -> None:
    first = outcome(Scenario(executions=1_000_000), ON, BOOK)
    second = outcome(Scenario(executions=2_000_000), ON, BOOK)
    sentence = money_answers.what_if(first, second)
    assert (
        r"Scenario A costs **\$2.04** a month as Express. Scenario B costs **\$4.08** a month as Express." in sentence
    )
    assert sentence.endswith("B costs +100 % against A.")
    assert money_answers.what_if(first, first).endswith("Both cost the same.")


def test_a_scenario_that_cannot_be_express_or_has_no_price_says_so() -> None:
    slow = outcome(Scenario(duration_ms=400_000), ON, BOOK)
    unpriced = outcome(Scenario(region="mars"), ON, PriceBook([]))
    sentence = money_answers.what_if(slow, unpriced)
    assert "as Standard (Express ends after 5 minutes)." in sentence
    assert "Scenario B has no price:" in sentence


def test_a_verdict_comes_with_reasons_break_even_and_warnings() -> None:
    [row] = [found for _, found in answered("standard_vs_express", [{"transitions": 4}]).iterrows()]
    text = money_answers.reasons(row)
    assert text.startswith("**Not known")
    priced = row.copy()
    priced["break_even_duration_ms"], priced["break_even_executions"] = 95_000, 1_021
    assert "Express costs less up to 1.6 min of duration and from 1,021 executions a month on." in (
        money_answers.reasons(priced)
    )
    assert "To be judged:" in money_answers.reasons(priced)
