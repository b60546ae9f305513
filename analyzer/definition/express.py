"""Could this machine be Express? What its definition forbids, and what a person has to judge.

Rules: dg choosing-workflow-type, state-map-distributed and service-quotas, and what AWS answers on creation. What only
runs can tell (the longest execution, callers that poll) is no part of this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import NamedTuple, TypeGuard

from analyzer.definition.fields import quoted
from analyzer.definition.states import Definition, State

# dg service-quotas: an Express execution lasts five minutes at most.
LONGEST_EXPRESS_SECONDS = 300

_STARTS_OF_EXECUTIONS = ("states:startExecution", "aws-sdk:sfn:startExecution", "aws-sdk:sfn:startSyncExecution")


class Blocker(NamedTuple):
    """Something against Express: the state (empty for the machine itself), a code for the reason, and a sentence."""

    state: str
    reason: str
    sentence: str


def express_blockers(definition: Definition) -> list[Blocker]:
    """What an Express machine cannot hold, nested states included, in the definition's order.

    Reasons: `sync`, `callback`, `activity`, `distributed_map`, `long_wait` (a literal of 300 s or more),
    `timestamp_wait`.
    """
    return _found(definition, _BLOCKERS)


def express_warnings(definition: Definition) -> list[Blocker]:
    """What Express accepts but may not carry out as Standard does: the machine's first, then in the definition's order.

    Reasons: `long_timeout` (300 s or more), `long_backoff` (the waits between retries can add up to 300 s or more),
    `open_wait` (only a run knows how long), `nested_execution` (Express may run twice and then starts it twice),
    `unknown_resource` (cannot be judged).
    """
    return [*_warnings_of_machine(definition), *_found(definition, _WARNINGS)]


def _is_long(seconds: float | None) -> TypeGuard[float]:
    return seconds is not None and seconds >= LONGEST_EXPRESS_SECONDS


def _spoken(seconds: float) -> str:
    return f"{seconds:,.0f} s" if isfinite(seconds) else "for ever"


def _found(definition: Definition, rules: Mapping[str, Callable[[State], str]]) -> list[Blocker]:
    return [
        Blocker(state.name, reason, f"State {quoted(state.name)} {finding}.")
        for state in definition.states.values()
        for reason, rule in rules.items()
        if (finding := rule(state))
    ]


def _warnings_of_machine(definition: Definition) -> list[Blocker]:
    seconds = definition.timeout_seconds
    if not _is_long(seconds):
        return []
    return [Blocker("", "long_timeout", f"The machine may take {_spoken(seconds)}; Express ends after 300 s.")]


def _sync(state: State) -> str:
    if state.pattern != "sync":
        return ""
    finding = f"calls {state.resource} and waits for the end of the job; Express has no .sync integrations"
    is_child = state.resource == "states:startExecution"
    return f"{finding}: an Express child can be called by aws-sdk:sfn:startSyncExecution" if is_child else finding


def _callback(state: State) -> str:
    finding = f"calls {state.resource} and waits for its task token; Express has no .waitForTaskToken integrations"
    return finding if state.pattern == "callback" else ""


def _activity(state: State) -> str:
    return "waits for an activity worker; Express has no activities" if state.pattern == "activity" else ""


def _distributed_map(state: State) -> str:
    return "is a Distributed Map; Express has inline Maps only" if state.is_distributed else ""


def _long_wait(state: State) -> str:
    seconds = state.wait.seconds if state.wait else None
    return f"waits {_spoken(seconds)}; Express ends after 300 s" if _is_long(seconds) else ""


def _timestamp_wait(state: State) -> str:
    return "waits until a point in time; Express ends after 300 s" if state.wait and state.wait.until_timestamp else ""


def _open_wait(state: State) -> str:
    is_open = state.wait is not None and state.wait.seconds is None and not state.wait.until_timestamp
    return "waits as long as its input says; Express ends after 300 s" if is_open else ""


def _long_timeout(state: State) -> str:
    seconds = state.task.timeout_seconds if state.task else None
    return f"may take {_spoken(seconds)}; Express ends after 300 s" if _is_long(seconds) else ""


def _long_backoff(state: State) -> str:
    # Each retrier counts for itself within a visit, so their waits can add up.
    seconds = sum(retrier.backoff_seconds for retrier in state.retriers)
    return f"can wait {_spoken(seconds)} between its retries; Express ends after 300 s" if _is_long(seconds) else ""


def _nested_execution(state: State) -> str:
    if state.resource not in _STARTS_OF_EXECUTIONS or state.pattern != "request":
        return ""
    child = quoted(state.target) if state.target else "another machine"
    return f"starts {child}; an asynchronous Express run may run twice and then starts it twice"


def _unknown_resource(state: State) -> str:
    is_unknown = state.task is not None and not state.pattern
    return "calls something that its definition does not name in full, so it cannot be judged" if is_unknown else ""


_BLOCKERS: Mapping[str, Callable[[State], str]] = {
    "sync": _sync,
    "callback": _callback,
    "activity": _activity,
    "distributed_map": _distributed_map,
    "long_wait": _long_wait,
    "timestamp_wait": _timestamp_wait,
}
_WARNINGS: Mapping[str, Callable[[State], str]] = {
    "long_timeout": _long_timeout,
    "long_backoff": _long_backoff,
    "open_wait": _open_wait,
    "nested_execution": _nested_execution,
    "unknown_resource": _unknown_resource,
}
