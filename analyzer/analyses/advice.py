"""What could be better about each machine, by rule."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyzer.advice.rule import SEVERITIES, Evidence, Hint, Rule
from analyzer.adviser import advice_rules
from analyzer.columns import MACHINE_COLUMNS, count, number, text
from analyzer.frames import frame_from
from analyzer.machines import named
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    text("rule", "name of the rule"),
    text("severity", "high: executions are lost by it; medium: there is evidence; info: there is none"),
    text("state", "the state it is about; empty when it is the machine"),
    text("evidence", "what was seen, with its counts"),
    count("occurrences", "how often it was seen"),
    count("occasions", "in how many attempts, executions or transitions it could have been seen"),
    number("saving_usd", "list price that the window would have had less; empty when that is not known"),
    text("question", "what the rule asks"),
    text("threshold", "from what on there is evidence"),
    text("why", "why it matters"),
    text("fix", "how to mend it"),
)


@analysis(counts="attempts", columns=COLUMNS)
def advice(facts: Facts) -> pd.DataFrame:
    """What could be better about each machine, and what speaks for it?

    One row per rule and state or machine, those that lose executions first. A rule looks at the newest definition and
    at what happened in the window; without evidence it is `info`.
    """
    evidence = Evidence(facts)
    found = [(hint, name, rule) for name, rule in advice_rules().items() for hint in rule.hints(evidence)]
    return frame_from([_row(*one) for one in sorted(found, key=_rank)], COLUMNS)


def _rank(found: tuple[Hint, str, Rule]) -> tuple[Any, ...]:
    hint, name, _ = found
    return (SEVERITIES.index(hint.severity), -hint.occurrences, name, hint.machine, hint.state or "")


def _row(hint: Hint, name: str, rule: Rule) -> dict[str, Any]:
    return {
        **named(hint.machine),
        "rule": name,
        "severity": hint.severity,
        "state": hint.state,
        "evidence": hint.sentence,
        "occurrences": hint.occurrences,
        "occasions": hint.occasions,
        "saving_usd": hint.saving_usd,
        **{part: getattr(rule, part) for part in ("question", "threshold", "why", "fix")},
    }
