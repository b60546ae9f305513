"""Tasks that nothing ends when they hang."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, times


def hints(evidence: Evidence) -> Iterator[Hint]:
    """Tasks without TimeoutSeconds in machines without one; those with attempts that run for over a day stand out."""
    for machine, state in evidence.states():
        limit = evidence.facts.definitions[machine].timeout_seconds
        if state.task is None or state.task.has_timeout or limit is not None:
            continue
        use = evidence.use(machine, state.name)
        if use.stuck:
            said = f"{times(use.stuck, 'attempt')} of {use.attempts:,} have been running for more than a day."
            yield Hint(machine, state.name, "high", said, use.stuck, use.attempts)
        else:
            said = f"No limit of its own nor of the machine; {times(use.attempts, 'attempt')}, none stuck."
            yield Hint(machine, state.name, "info", said, 0, use.attempts)


RULE = Rule(
    question="Can a task hang for ever?",
    threshold="one attempt running for more than a day",
    why="A Task without TimeoutSeconds waits for 99,999,999 seconds, and no machine has a limit by itself.",
    fix="Set TimeoutSeconds on the Task, well above its 99th percentile, and on the machine.",
    hints=hints,
)
