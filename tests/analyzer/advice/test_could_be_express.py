from __future__ import annotations

from dataclasses import replace

from analyzer.prices import bundled_prices
from tests.analyzer.advice.hinted import LAMBDA, facts, hints


def test_a_machine_that_saves_by_the_least_estimate_is_told_and_one_that_waits_long_is_not() -> None:
    states = {"A": LAMBDA, "B": LAMBDA}
    short = [{"duration_ms": 200, "transitions": 40, "cost_usd": 0.001, "attempts": 40}] * 200
    given = replace(facts(states, (), short), prices=bundled_prices())
    [hint] = hints("could_be_express", given)
    assert (hint.severity, hint.occurrences) == ("medium", 200)
    assert (hint.saving_usd or 0) > 0
    long = [{**row, "duration_ms": 900_000} for row in short]
    assert hints("could_be_express", replace(facts(states, (), long), prices=bundled_prices())) == []
