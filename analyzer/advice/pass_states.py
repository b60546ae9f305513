"""Pass states that are billed."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, Severity, times

NOTEWORTHY = 0.1


def hints(evidence: Evidence) -> Iterator[Hint]:
    """Machines of which a part of all transitions are those of Pass states."""
    for machine, definition in evidence.facts.definitions.items():
        passes = [state.name for state in definition.states.values() if state.type == "Pass"]
        uses = [evidence.use(machine, name) for name in passes]
        transitions, total = sum(use.transitions for use in uses), evidence.total(machine).transitions
        if not transitions:
            continue
        usd = [use.usd for use in uses if use.usd is not None]
        said = f"{times(len(passes), 'Pass state')} made {transitions:,} of {times(total, 'transition')}."
        severity: Severity = "medium" if transitions >= NOTEWORTHY * total else "info"
        yield Hint(machine, None, severity, said, transitions, total, sum(usd) if usd else None)


RULE = Rule(
    question="What do Pass states cost?",
    threshold=f"{NOTEWORTHY:.0%} of the machine's transitions",
    why="A Pass does no work and is billed like any other transition of a Standard machine.",
    fix="Shape the data in the state before or after, with Assign, Output or ResultSelector.",
    hints=hints,
)
