from __future__ import annotations

from analyzer.registry import Facts
from analyzer.rulebook import all_findings, rule_named, rule_names
from store.settings import settings_from
from tests.analyzer.rows import attempts, executions, on_duckdb
from tests.analyzer.rules.broken import NOW

RULES = """
[rules]
least_executions = 1
failure_rate = 0
masked_rate = 0
p95_ms = 1
cost_usd_month = 0.00001
new_issue = true
"""


def test_every_rule_finds_nothing_where_there_is_nothing() -> None:
    facts = Facts(on_duckdb(executions([])), on_duckdb(attempts([])), now_ms=NOW)
    assert all_findings(facts, settings_from(RULES)) == []
    assert [name for name in rule_names() if not callable(rule_named(name))] == []


def test_findings_come_by_machine_and_rule() -> None:
    facts = Facts(on_duckdb(executions([{}, {"machine": "a"}])), on_duckdb(attempts([])), now_ms=NOW)
    assert [(found.machine, found.rule) for found in all_findings(facts, settings_from(RULES))] == [
        ("a", "cost_usd_month"),
        ("a", "p95_ms"),
        ("orders", "cost_usd_month"),
        ("orders", "p95_ms"),
    ]
