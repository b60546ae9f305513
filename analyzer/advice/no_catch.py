"""States that fail and whose failure nothing catches."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, times
from analyzer.definition import Definition, State

FAILING = ("Task", "Parallel", "Map")


def hints(evidence: Evidence) -> Iterator[Hint]:
    """States without a Catch, nor one around them, that ended executions."""
    for machine, state in evidence.states():
        definition = evidence.facts.definitions[machine]
        if state.type not in FAILING or _is_caught(definition, state):
            continue
        use = evidence.use(machine, state.name)
        if use.ended:
            said = f"{times(use.ended, 'execution')} ended by it, with nothing done about it in the machine."
            yield Hint(machine, state.name, "medium", said, use.ended, use.attempts)


def _is_caught(definition: Definition, state: State) -> bool:
    around = (definition.states[name] for name in state.path if name in definition.states)
    return any(one.catchers for one in (state, *around))


RULE = Rule(
    question="Is a failure answered by the machine itself?",
    threshold="one execution ended by a state without a Catch",
    why="Without a Catch nothing is undone, told or put aside: the execution just ends.",
    fix="Add a Catch for the errors that can be answered, leading to a state that undoes, tells, or queues for later.",
    hints=hints,
)
