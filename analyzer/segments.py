"""Parts of a Standard machine that could be an Express child of it, as its definition has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.definition import Definition, State, express_blockers
from analyzer.flow import END, Scope, Segment, scopes

LEAST_STATES = 2
"""A part of one state saves nothing: the call of the child is a transition too."""


@dataclass(frozen=True)
class Part:
    """A segment of a scope without a blocker. `inside` are its states and those they contain, in written order."""

    path: tuple[str, ...]
    segment: Segment
    inside: tuple[str, ...]

    @property
    def own(self) -> frozenset[str]:
        """Its states that follow one another; the rest stand within them."""
        return self.segment.states

    @property
    def next_state(self) -> str:
        """The state that follows it; empty where the scope ends with it."""
        return self.segment.exit


def express_parts(definition: Definition) -> list[Part]:
    """The parts that an Express child could take over, the greatest first.

    Each has one way in and one way out, a Task, and nothing that Express lacks. The machine as a whole is none of them
    (see `standard_vs_express`), nor what stands inside a Distributed Map, whose items are executions of their own, nor
    a part of a loop: the loop as a whole may be one.
    """
    blocked = {blocker.state for blocker in express_blockers(definition)}
    parts = [part for scope in scopes(definition) for part in _parts_of(scope, definition)]
    free = [part for part in parts if blocked.isdisjoint(part.inside) and _works(part, definition)]
    return sorted(free, key=lambda part: (-len(part.inside), part.inside))


def _parts_of(scope: Scope, definition: Definition) -> Iterator[Part]:
    if any(definition.states[container].is_distributed for container in scope.path):
        return
    for segment in scope.segments():
        is_machine = not scope.path and segment.states == scope.reached
        is_within_loop = segment.exit != END and segment.entry in scope.reached_from(segment.exit)
        if not is_machine and not is_within_loop:
            inside = (s.name for s in definition.states.values() if _is_inside(s, segment, scope))
            yield Part(scope.path, segment, tuple(inside))


def _is_inside(state: State, segment: Segment, scope: Scope) -> bool:
    around = state.path[len(scope.path)] if len(state.path) > len(scope.path) else state.name
    return around in segment.states


def _works(part: Part, definition: Definition) -> bool:
    tasks = [name for name in part.inside if definition.states[name].type == "Task"]
    return len(part.inside) >= LEAST_STATES and bool(tasks)
