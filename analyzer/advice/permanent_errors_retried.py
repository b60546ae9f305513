"""Errors that never pass, retried because everything is."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, times
from analyzer.retriers import retrier_for
from analyzer.retry_advice import FEWEST

WILD = frozenset({"States.ALL", "States.TaskFailed"})


def hints(evidence: Evidence) -> Iterator[Hint]:
    """States that retry every error, with the retries after errors of which none recovered."""
    for machine, state in evidence.states():
        if not any(WILD & set(retrier.errors) and retrier.max_attempts for retrier in state.retriers):
            continue
        for use in evidence.retries(machine, state.name):
            held = retrier_for(state.retriers, use.error)
            if use.recovered or use.retries < FEWEST or held is None or not WILD & set(held.errors):
                continue
            said = f"None of {times(use.retries, 'retry', 'retries')} after {use.error} succeeded."
            yield Hint(machine, state.name, "medium", said, use.retries, use.retries, use.usd)


RULE = Rule(
    question="Are errors retried that never pass?",
    threshold=f"{FEWEST} retries after one error, none of which succeeded",
    why="A retry of an error that stays costs a transition, the work again and the backoff.",
    fix="Put an entry for that error with MaxAttempts 0 before States.ALL, or name the errors that are worth a retry.",
    hints=hints,
)
