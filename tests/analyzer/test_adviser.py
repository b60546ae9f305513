from __future__ import annotations

import pytest

from analyzer.advice.rule import Evidence
from analyzer.adviser import advice_rules
from analyzer.registry import Facts
from tests.analyzer.rows import attempts, executions, on_duckdb


@pytest.mark.parametrize("name", advice_rules())
def test_a_rule_says_what_it_asks_from_what_on_why_and_how_to_mend(name: str) -> None:
    rule = advice_rules()[name]
    assert rule.question.endswith("?")
    assert all((rule.threshold, rule.why.endswith("."), rule.fix.endswith(".")))


@pytest.mark.parametrize("name", advice_rules())
def test_a_rule_has_nothing_to_say_where_there_is_nothing(name: str) -> None:
    facts = Facts(on_duckdb(executions([])), on_duckdb(attempts([])))
    assert list(advice_rules()[name].hints(Evidence(facts))) == []
