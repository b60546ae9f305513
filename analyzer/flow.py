"""How the states of one scope follow each other: its loops, and its parts with one way in and one way out.

A scope is the machine itself, a branch of a Parallel, or the body of a Map: its states lead to one another and to
nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from analyzer.definition import Definition, State

END = ""
"""What follows a state that ends its scope. No state has this name."""

States = frozenset[str]
ScopeKey = tuple[tuple[str, ...], int | None]


@dataclass(frozen=True)
class Segment:
    """States with one way in, to `entry`, and one way out, to `exit`; `exit` is END where they end the scope."""

    entry: str
    exit: str
    states: States


@dataclass(frozen=True)
class Scope:
    """States that lead to one another. `following` has all of them and what may come after each, END included."""

    start: str
    following: Mapping[str, States]
    path: tuple[str, ...] = ()
    branch: int | None = None

    @cached_property
    def reached(self) -> States:
        """The states that a run may come to."""
        return self.reached_from(self.start)

    def reached_from(self, state: str, without: str | None = None) -> States:
        """This state and what can be reached from it on ways that do not touch `without`."""
        found, to_see = set[str](), [state]
        while to_see:
            here = to_see.pop()
            if here not in found and here not in (END, without):
                found.add(here)
                to_see += self.following[here]
        return frozenset(found)

    def _entered_at(self, states: States) -> States:
        """Which of some states a run can come to from outside of them."""
        ways = (self.following[state] for state in self.reached - states)
        return frozenset({self.start}.union(*ways)) & states

    @cached_property
    def _passed(self) -> Mapping[str, States]:
        """By state, what every way from it to the end comes to: itself, perhaps further states, and END."""
        passed = {END: frozenset([END]), **dict.fromkeys(self.reached, self.reached | {END})}
        settled = False
        while not settled:
            settled = True
            for state in reversed(self._in_order):
                after = (passed[later] for later in self.following[state])
                now = frozenset([state]) | passed[state].intersection(*after)
                settled &= now == passed[state]
                passed[state] = now
        return passed

    @cached_property
    def _in_order(self) -> list[str]:
        """The states that a run may come to, roughly in the order in which it does."""
        found, to_see = dict[str, None](), [self.start]
        while to_see:
            here = to_see.pop(0)
            if here not in found and here != END:
                found[here] = None
                to_see += sorted(self.following[here])
        return list(found)

    def segments(self) -> Iterator[Segment]:
        """All parts with one way in and one way out, the scope itself included; single states too."""
        for entry in self.reached:
            for leave in self._passed[entry] - {entry}:
                states = self.reached_from(entry, without=leave)
                if self._entered_at(states) == {entry}:
                    yield Segment(entry, leave, states)

    def loops(self) -> list[States]:
        """The sets of states that can be come to again from each other, in the order of their names."""
        again = {state: self.reached_from(state) for state in self.reached}
        loops = {
            frozenset(other for other in again[state] if state in again[other])
            for state in self.reached
            if any(state in again[later] for later in self.following[state] if later != END)
        }
        return sorted(loops, key=sorted)


def scopes(definition: Definition) -> list[Scope]:
    """All scopes of a machine, its own first."""
    members: dict[ScopeKey, list[State]] = {}
    for state in definition.states.values():
        members.setdefault((state.path, state.branch), []).append(state)
    return [_scope(key, states) for key, states in members.items()]


def _scope(key: ScopeKey, states: list[State]) -> Scope:
    start = next(state.name for state in states if state.is_start)
    return Scope(start, {state.name: _following(state) for state in states}, *key)


def _following(state: State) -> States:
    return frozenset((*(edge.target for edge in state.edges), *([END] if state.is_end else [])))
