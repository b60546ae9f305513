"""Loops that wait and ask again."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, times
from analyzer.machines import keyed
from analyzer.registry import analysis_named

OFTEN = 2


def hints(evidence: Evidence) -> Iterator[Hint]:
    """The loops of `cost_of_polling`, with how often a run goes around."""
    for machine, row in keyed(analysis_named("cost_of_polling").run(evidence.facts)):
        runs, iterations = row["runs"] or 0, row["iterations"] or 0
        is_often = runs > 0 and iterations >= OFTEN * runs
        said = f"{times(iterations, 'iteration')} in {times(runs, 'run')} of the loop {row['loop']}."
        yield Hint(machine, row["state"], "medium" if is_often else "info", said, iterations, runs, row["saving_usd"])


RULE = Rule(
    question="Does a loop ask again and again?",
    threshold=f"{OFTEN} iterations a run, on average",
    why="Each question is a Choice, a Wait and a Task: three transitions, and events towards the limit of 25,000.",
    fix="Call the service as .sync, which waits for the job to end, or hand it a task token and wait for the callback.",
    hints=hints,
)
