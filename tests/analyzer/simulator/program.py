"""Machines to simulate: small trees of states, drawn by hypothesis so that a failure shrinks to a small machine."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st


@dataclass(frozen=True)
class Leaf:
    """Pass, Choice, Wait, Succeed or Fail. A Fail's `error` is what the definition says."""

    type: str
    name: str = ""
    error: str = "Refused"


@dataclass(frozen=True)
class Task:
    """A Task of one of the families of events. `handler` is where its Catch leads: a Fail, or on to the next state."""

    family: str = "Task"
    is_submitted: bool = False
    retries: int = 0
    catches: bool = False
    handler: Leaf | None = None
    name: str = ""


@dataclass(frozen=True)
class Container:
    """A Parallel (one body a branch), a Map over `items` (its first body), or a Distributed Map (no body)."""

    type: str
    bodies: tuple[Body, ...] = ()
    items: int = 0
    concurrency: int = 0
    retries: int = 0
    catches: bool = False
    handler: Leaf | None = None
    name: str = ""

    @property
    def is_distributed(self) -> bool:
        return self.type == "Map" and not self.bodies


State = Leaf | Task | Container


@dataclass(frozen=True)
class Body:
    """States in a row; a Choice after the last goes back to the first `loops` times."""

    states: tuple[State, ...]
    loops: int = 0
    choice: Leaf | None = None


FAMILIES = ("Task", "LambdaFunction", "Activity")
NAMES = ("Charge", "주문 검증", "a/b", "Ship", "=1+1")

HANDLERS = st.sampled_from([None, Leaf("Fail", error="Gone")])
LEAVES: st.SearchStrategy[State] = st.sampled_from(["Pass", "Wait", "Choice", "Fail", "Succeed"]).map(Leaf)
TASKS: st.SearchStrategy[State] = st.builds(
    Task, st.sampled_from(FAMILIES), st.booleans(), st.integers(0, 2), st.booleans(), HANDLERS
)
DISTRIBUTED: st.SearchStrategy[State] = st.builds(
    Container, st.just("Map"), retries=st.integers(0, 1), catches=st.booleans(), handler=HANDLERS
)


def bodies(depth: int) -> st.SearchStrategy[Body]:
    """Rows of states, nested `depth` deep at most."""
    choices = [TASKS, TASKS, TASKS, LEAVES, LEAVES, DISTRIBUTED] + ([containers(depth - 1)] * 6 if depth else [])
    states = st.lists(st.one_of(choices), min_size=1, max_size=3).map(tuple)
    return st.builds(Body, states, st.sampled_from([0, 0, 0, 1, 2]))


def containers(depth: int) -> st.SearchStrategy[State]:
    """Parallels and inline Maps whose bodies nest `depth` deep at most."""
    inner = bodies(depth)
    more = {"retries": st.integers(0, 1), "catches": st.booleans(), "handler": HANDLERS}
    parallel = st.builds(Container, st.just("Parallel"), st.lists(inner, min_size=1, max_size=3).map(tuple), **more)
    mapped = st.builds(
        Container, st.just("Map"), st.tuples(inner), st.integers(0, 3), st.sampled_from([0, 1, 1, 2]), **more
    )
    return parallel | mapped


def programs(depth: int = 3) -> st.SearchStrategy[Body]:
    """Whole machines: every state has a name of its own."""
    return bodies(depth).map(named)


def named(body: Body) -> Body:
    """A machine whose states bear names, each another."""
    numbers = itertools.count(1)
    return _named_body(body, lambda: f"{NAMES[(n := next(numbers)) % len(NAMES)]} {n}")


def _named_body(body: Body, name: Callable[[], str]) -> Body:
    states = tuple(_named_state(state, name) for state in body.states)
    return replace(body, states=states, choice=Leaf("Choice", name()) if body.loops else None)


def _named_state(state: State, name: Callable[[], str]) -> State:
    state = replace(state, name=state.name or name())
    if isinstance(state, Container):
        state = replace(state, bodies=tuple(_named_body(body, name) for body in state.bodies))
    if not isinstance(state, Leaf) and state.handler is not None:
        state = replace(state, handler=replace(state.handler, name=name()))
    return state


def states_of(body: Body) -> Iterator[State]:
    """Every state of a machine, those inside containers and behind Catches included."""
    for state in body.states:
        yield state
        if not isinstance(state, Leaf) and state.handler is not None:
            yield state.handler
        if isinstance(state, Container):
            for inner in state.bodies:
                yield from states_of(inner)


class Definition:
    """What the fold asks of a definition, of a simulated machine."""

    def __init__(self, body: Body) -> None:
        states = list(states_of(body))
        self._errors = {state.name: state.error for state in states if isinstance(state, Leaf) and state.type == "Fail"}
        self._branches = {
            inner.states[0].name: index
            for state in states
            if isinstance(state, Container) and state.type == "Parallel"
            for index, inner in enumerate(state.bodies)
        }

    def branch_of(self, first_state: str) -> int | None:
        return self._branches.get(first_state)

    def error_of(self, fail_state: str) -> str | None:
        return self._errors.get(fail_state)
