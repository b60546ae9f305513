"""What a rule finds in a few rows, under settings in TOML."""

from __future__ import annotations

from analyzer.registry import Facts
from analyzer.rulebook import rule_named
from analyzer.rules.finding import Finding
from store.settings import settings_from
from tests.analyzer.rows import DAY, OCTOBER, Rows, attempts, executions, on_duckdb

NOW = OCTOBER + DAY


def findings(rule: str, rules: str, rows: Rows, tries: Rows = (), now_ms: int = NOW) -> list[Finding]:
    """The findings of a rule, with this text in the section [rules]."""
    facts = Facts(on_duckdb(executions(rows)), on_duckdb(attempts(tries)), now_ms=now_ms)
    return rule_named(rule)(facts, settings_from(f"[rules]\nleast_executions = 4\n{rules}"))
