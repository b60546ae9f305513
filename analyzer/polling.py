"""Loops in which a machine waits and asks again: where they are in its definition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from analyzer.definition import Definition, State
from analyzer.flow import Scope, scopes


class PollingLoop(NamedTuple):
    """A loop with a Wait and a Task in it. `states` are its own, then what they contain, in written order.

    `wait_state` is the Wait that all iterations are counted by, `calls` what its Tasks call.
    """

    wait_state: str
    wait_seconds: float | None
    states: tuple[str, ...]
    calls: tuple[str, ...]


def polling_loops(definition: Definition) -> list[PollingLoop]:
    """The polling loops of a machine: a Wait, a call, and a way back; in the order of the definition."""
    return [loop for scope in scopes(definition) for loop in _loops_of(scope, definition)]


def _loops_of(scope: Scope, definition: Definition) -> Iterator[PollingLoop]:
    for names in scope.loops():
        inside = [state for state in definition.states.values() if state.name in names or names & {*state.path}]
        waits = [state for state in inside if state.name in names and state.wait is not None]
        calls = tuple(dict.fromkeys(state.resource for state in inside if state.type == "Task"))
        if waits and calls:
            yield PollingLoop(waits[0].name, _seconds(waits[0]), tuple(state.name for state in inside), calls)


def _seconds(state: State) -> float | None:
    return state.wait.seconds if state.wait else None
