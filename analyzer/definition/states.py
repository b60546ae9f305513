"""A state machine as its definition describes it: states, edges, retriers, catchers. Immutable; built by `parsing`.

A number is None where the definition gives none, and where it gives an expression or a path whose value only a run
knows. A text is empty in the same cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import ceil, inf, log
from typing import Literal

from analyzer.integrations import UNKNOWN, Integration

StateType = Literal["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"]
EdgeKind = Literal["next", "default", "choice", "catch"]
QueryLanguage = Literal["JSONPath", "JSONata"]


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one state to another of the same scope; kind: next, default, choice or catch."""

    source: str
    target: str
    kind: EdgeKind


@dataclass(frozen=True, slots=True)
class Retrier:
    """One entry of a `Retry`: the errors it retries, how often, and after which waits.

    The defaults are AWS's (dg concepts-error-handling). `jitter` is FULL when each wait is drawn from zero to its
    length, else NONE.
    """

    errors: tuple[str, ...]
    interval_seconds: float = 1
    max_attempts: int = 3
    backoff_rate: float = 2.0
    max_delay_seconds: float | None = None
    jitter: str = "NONE"

    @property
    def backoff_seconds(self) -> float:
        """The longest that all waits of this retrier last together; infinite where a float cannot hold it."""
        cap = self.max_delay_seconds
        if cap is not None and cap <= self.interval_seconds:
            return cap * self.max_attempts
        if self.backoff_rate == 1 or self.interval_seconds == 0:
            return self.interval_seconds * self.max_attempts
        growing = self.max_attempts if cap is None else min(self.max_attempts, self._waits_below(cap))
        rest = self.max_attempts - growing
        return self.interval_seconds * _geometric_sum(self.backoff_rate, growing) + rest * (cap or 0)

    def _waits_below(self, cap: float) -> int:
        """How many waits grow before one reaches the cap."""
        return ceil(log(cap / self.interval_seconds) / log(self.backoff_rate))


@dataclass(frozen=True, slots=True)
class Catcher:
    """One entry of a `Catch`: the errors it catches and the state that goes on."""

    errors: tuple[str, ...]
    target: str


@dataclass(frozen=True, slots=True)
class Task:
    """What a Task calls and how long it may.

    `target` is the function, queue, machine or table that a literal names. `has_timeout` and `has_heartbeat` are also
    true for limits that only a run knows.
    """

    integration: Integration = UNKNOWN
    target: str = ""
    has_timeout: bool = False
    timeout_seconds: float | None = None
    has_heartbeat: bool = False
    heartbeat_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a Wait waits: a literal number of seconds, until a point in time, or (both unset) what a run says."""

    seconds: float | None = None
    until_timestamp: bool = False


@dataclass(frozen=True, slots=True)
class ItemBatcher:
    """How many items, or bytes of them, one child execution of a Distributed Map takes."""

    max_items: float | None = None
    max_bytes: float | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """How a Map works through its items.

    `execution_type` is that of a Distributed Map's children: STANDARD or EXPRESS. `max_concurrency` 0 is no limit.
    """

    is_distributed: bool = False
    execution_type: str = ""
    max_concurrency: float | None = None
    tolerated_failure_count: float | None = None
    tolerated_failure_percentage: float | None = None
    batcher: ItemBatcher | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """One state: where it stands, what it does and where it leads.

    `path` names the containers around it, outermost first; `branch` is the index of its branch when the innermost of
    them is a Parallel. `is_start` says that its branch, its Map's body or the machine begins with it.
    """

    name: str
    type: StateType
    path: tuple[str, ...] = ()
    branch: int | None = None
    is_start: bool = False
    edges: tuple[Edge, ...] = ()
    retriers: tuple[Retrier, ...] = ()
    catchers: tuple[Catcher, ...] = ()
    query_language: QueryLanguage = "JSONPath"
    task: Task | None = None
    wait: Wait | None = None
    items: Items | None = None
    error: str = ""

    @property
    def container(self) -> str | None:
        """The Parallel or Map directly around this state; None at top level."""
        return self.path[-1] if self.path else None

    @property
    def resource(self) -> str:
        """The integration a Task calls, such as `lambda:invoke`; empty for other states and when unknown."""
        return self.task.integration.resource if self.task else ""

    @property
    def service(self) -> str:
        """The service a Task calls, such as `dynamodb`; empty for other states and when unknown."""
        return self.task.integration.service if self.task else ""

    @property
    def pattern(self) -> str:
        """How a Task waits: request, sync, callback or activity; empty for other states and when unknown."""
        return self.task.integration.pattern if self.task else ""

    @property
    def target(self) -> str:
        """What a Task calls, where a literal names it."""
        return self.task.target if self.task else ""

    @property
    def is_distributed(self) -> bool:
        """Whether this is a Map whose items are child executions."""
        return self.items is not None and self.items.is_distributed

    @property
    def is_end(self) -> bool:
        """Whether its scope ends here when nothing fails; a Choice always leads on."""
        return self.type != "Choice" and not any(edge.kind == "next" for edge in self.edges)


@dataclass(frozen=True)
class Definition:
    """A state machine. `states` holds all of them, nested ones too, by name (unique in a machine), in written order."""

    start_at: str
    states: Mapping[str, State] = field(hash=False)
    timeout_seconds: float | None = None
    query_language: QueryLanguage = "JSONPath"
    comment: str = ""

    @property
    def edges(self) -> tuple[Edge, ...]:
        """All edges, in the order of their states."""
        return tuple(edge for state in self.states.values() for edge in state.edges)

    def branch_of(self, state: str) -> int | None:
        """Index of the Parallel branch in which this state stands; None elsewhere and for a state that is not here."""
        return self.states[state].branch if state in self.states else None

    def error_of(self, state: str) -> str:
        """The literal error of a Fail state; empty when it has none, computes it, or is not here."""
        return self.states[state].error if state in self.states else ""

    def target_of(self, state: str) -> str:
        """What a Task calls, where a literal names it; empty otherwise and for a state that is not here."""
        return self.states[state].target if state in self.states else ""

    def inside(self, container: str) -> Iterator[State]:
        """The states directly inside a Parallel or Map."""
        return (state for state in self.states.values() if state.container == container)

    def branch_starts(self, container: str) -> tuple[str, ...]:
        """The first state of each branch of a Parallel, in the definition's order; of a Map, the first of its body."""
        return tuple(state.name for state in self.inside(container) if state.is_start)


def _geometric_sum(rate: float, count: int) -> float:
    """1 + rate + rate² ..., `count` terms of it, for a rate above 1."""
    try:
        return (float(rate) ** count - 1) / (rate - 1)
    except OverflowError:
        return inf
