"""Payloads that are too large to be passed between states."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, times

ERROR = "States.DataLimitExceeded"


def hints(evidence: Evidence) -> Iterator[Hint]:
    """States that failed because their data was above the limit."""
    for machine, state in evidence.states():
        failures = sum(error.failures for error in evidence.errors(machine, state.name) if error.error == ERROR)
        if failures:
            attempts = evidence.use(machine, state.name).attempts
            said = f"{times(failures, 'attempt')} of {attempts:,} failed with {ERROR}."
            yield Hint(machine, state.name, "high", said, failures, attempts)


RULE = Rule(
    question="Is more data passed on than a state may hold?",
    threshold="one attempt that failed with States.DataLimitExceeded",
    why="What a state takes, gives or assigns may be 256 KiB; above that the execution fails.",
    fix="Put the data into S3 and pass its address on; for many items use a Distributed Map with an ItemReader.",
    hints=hints,
)
