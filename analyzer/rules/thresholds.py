"""What the rules with a threshold share: which one holds for a machine, what is looked at, and how a breach is said."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

import pandas as pd

from analyzer.registry import Facts
from analyzer.rules.finding import Finding
from analyzer.window import MS_IN_DAY, Window
from store.settings import RuleSettings


def threshold(rules: RuleSettings, name: str, machine: str) -> Any:
    """The threshold of this name for a machine: the first for its name or a pattern of it, else the one for all."""
    own = [found for found in rules.machines if fnmatchcase(machine, found.machine)]
    given = (getattr(found, name) for found in (*own, rules))
    return next((value for value in given if value is not None), None)


def is_asked(rules: RuleSettings, name: str) -> bool:
    """Whether a threshold of this name is set for any machine."""
    return any(getattr(found, name) is not None for found in (rules, *rules.machines))


def looked_at(facts: Facts, rules: RuleSettings) -> Facts:
    """The facts of the executions that started in the last days."""
    return facts.within(Window(since_ms=facts.now_ms - rules.days * MS_IN_DAY))


def place_of(row: pd.Series) -> str:
    """Account and Region of a row's machine, where they are known: what tells machines of one name apart."""
    return "/".join(str(row[name]) for name in ("account", "region") if pd.notna(row[name]) and row[name])


def breaches(measured: pd.DataFrame, rules: RuleSettings, rule: str, unit: str, sentence: str) -> list[Finding]:
    """A finding for each row whose `value` is above its machine's threshold, in the order of the rows.

    `sentence` is a template over the row's columns and `threshold`.
    """
    found = []
    for _, row in measured.iterrows():
        allowed = threshold(rules, rule, row["machine"])
        if allowed is not None and pd.notna(row["value"]) and row["value"] > allowed:
            said = sentence.format(**row, threshold=allowed, days=rules.days)
            found.append(Finding(row["machine"], rule, said, float(row["value"]), float(allowed), unit, place_of(row)))
    return found
