"""Distributed Maps that start an execution for each item."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.advice.rule import Evidence, Hint, Rule, Severity, times

MANY = 1_000
BATCH = 10


def hints(evidence: Evidence) -> Iterator[Hint]:
    """Distributed Maps without an ItemBatcher, with the children that they started."""
    for machine, state in evidence.states():
        if state.items is None or not state.items.is_distributed or state.items.batcher is not None:
            continue
        use = evidence.use(machine, state.name)
        children = max(use.transitions - use.attempts, 0)
        saving = (
            None if use.usd is None or not use.transitions else use.usd * children / use.transitions * (1 - 1 / BATCH)
        )
        severity: Severity = "medium" if children >= MANY else "info"
        said = f"{times(children, 'child execution')} started in {times(use.attempts, 'attempt')}, one for each item."
        yield Hint(machine, state.name, severity, said, children, use.attempts, saving)


RULE = Rule(
    question="Does a Distributed Map start an execution for each item?",
    threshold=f"{MANY:,} child executions in the window",
    why="Each child is a transition of the Map and an execution of its own, with its own start.",
    fix=f"Add an ItemBatcher: {BATCH} items a child leave a tenth of the starts. Each child then has to take a list.",
    hints=hints,
)
