"""The rules of advice: found by looking into `analyzer/advice`."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from analyzer import advice as package
from analyzer.advice.rule import Rule


def advice_rules() -> dict[str, Rule]:
    """All rules by name, in alphabetical order."""
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__) if module.name != "rule")
    return {name: import_module(f"{package.__name__}.{name}").RULE for name in names}
