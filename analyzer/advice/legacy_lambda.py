"""Lambda functions called by their ARN."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, times
from analyzer.integrations import LEGACY_LAMBDA


def hints(evidence: Evidence) -> Iterator[Hint]:
    """Tasks whose Resource is a function's ARN."""
    for machine, state in evidence.states():
        if state.task is not None and state.task.integration == LEGACY_LAMBDA:
            use = evidence.use(machine, state.name)
            said = f"The Resource is the function's ARN; {times(use.attempts, 'attempt')}."
            yield Hint(machine, state.name, "info", said, use.attempts, use.attempts)


RULE = Rule(
    question="Is a Lambda function called the old way?",
    threshold="every Task whose Resource is the ARN of a function",
    why="It has no metrics of the service integration, and no control of what is sent and kept.",
    fix="Use arn:aws:states:::lambda:invoke with FunctionName, and take Payload from its result.",
    hints=hints,
)
