"""The rules: found by looking into `analyzer/rules`, and what all of them find."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

from analyzer import rules as package
from analyzer.registry import Facts
from analyzer.rules.finding import Finding
from store.settings import Settings

Rule = Callable[[Facts, Settings], list[Finding]]
NO_RULES = frozenset({"finding", "thresholds"})
"""Modules beside the rules that are none."""


def rule_names() -> list[str]:
    """The names of all rules, in alphabetical order."""
    return sorted({module.name for module in pkgutil.iter_modules(package.__path__)} - NO_RULES)


def rule_named(name: str) -> Rule:
    """The rule of that name."""
    found: Rule = import_module(f"{package.__name__}.{name}").findings
    return found


def all_findings(facts: Facts, settings: Settings) -> list[Finding]:
    """What every rule finds in the facts of a whole store, by machine."""
    return sorted(finding for name in rule_names() for finding in rule_named(name)(facts, settings))
