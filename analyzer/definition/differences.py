"""What one definition has that another has not: states, retries, timeouts, resources, ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analyzer.definition.states import Definition, Retrier, State


def differences(before: Definition, after: Definition) -> list[str]:
    """What changed from one definition to the next, a sentence each: states first, then what is within them."""
    found = [f"{name} was added" for name in after.states if name not in before.states]
    found += [f"{name} was removed" for name in before.states if name not in after.states]
    if before.start_at != after.start_at:
        found.append(f"it starts at {after.start_at} instead of {before.start_at}")
    if before.timeout_seconds != after.timeout_seconds:
        found.append(f"the timeout of the machine is {_seconds(after.timeout_seconds)}")
    both = [(state, after.states[name]) for name, state in before.states.items() if name in after.states]
    return found + [sentence for old, new in both for sentence in _of_state(old, new)]


def _of_state(old: State, new: State) -> Iterator[str]:
    for what, told in _ASPECTS.items():
        was, now = told(old), told(new)
        if was != now:
            yield f"{what} of {new.name} is {now or 'none'} instead of {was or 'none'}"


def _retries(state: State) -> str:
    return "; ".join(map(_retrier, state.retriers))


def _retrier(retrier: Retrier) -> str:
    errors = ", ".join(retrier.errors)
    return f"{retrier.max_attempts} times after {retrier.interval_seconds:g} s x {retrier.backoff_rate:g} for {errors}"


def _catches(state: State) -> str:
    return "; ".join(f"{', '.join(catcher.errors)} to {catcher.target}" for catcher in state.catchers)


def _limits(state: State) -> str:
    """Whether a Task has a timeout and a heartbeat."""
    if state.task is None:
        return ""
    return " and ".join(
        name for name, has in (("set", state.task.has_timeout), ("a heartbeat", state.task.has_heartbeat)) if has
    )


def _calls(state: State) -> str:
    return " ".join(part for part in (state.resource, state.pattern, state.target) if part)


def _ways(state: State) -> str:
    return ", ".join(edge.target for edge in state.edges if edge.kind != "catch")


def _concurrency(state: State) -> str:
    limit = state.items.max_concurrency if state.items is not None else None
    return f"{limit:g}" if limit else ""


def _waits(state: State) -> str:
    seconds = state.wait.seconds if state.wait is not None else None
    return f"{seconds:g} s" if seconds is not None else ""


def _seconds(seconds: float | None) -> str:
    return f"{seconds:g} s" if seconds is not None else "not set"


_ASPECTS: dict[str, Callable[[State], str]] = {
    "the type": lambda state: state.type,
    "the resource": _calls,
    "Retry": _retries,
    "Catch": _catches,
    "the timeout": _limits,
    "the wait": _waits,
    "MaxConcurrency": _concurrency,
    "the next state": _ways,
}
