"""Standard machines that would cost less as Express."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, times
from analyzer.machines import keyed
from analyzer.registry import analysis_named


def hints(evidence: Evidence) -> Iterator[Hint]:
    """The Standard machines of `standard_vs_express` that can switch and would save even by the least estimate."""
    for machine, row in keyed(analysis_named("standard_vs_express").run(evidence.facts)):
        least = row["saving_low_usd"]
        if row["type"] == "STANDARD" and row["can_switch"] is True and least is not None and least > 0:
            cost = f"${row['standard_cost_usd']:,.2f}, and at least ${least:,.2f} less as Express"
            said = f"{times(row['executions'], 'execution')} cost {cost}."
            yield Hint(machine, None, "medium", said, row["executions"], row["executions"], least)


RULE = Rule(
    question="Would a Standard machine cost less as Express?",
    threshold="definition and durations allow it, and the least estimate saves money",
    why="Standard is billed by transition, Express by duration and memory: short runs of many states cost less.",
    fix="Read the page Standard vs Express first: a step of an Express machine may run twice, and logs are extra.",
    hints=hints,
)
