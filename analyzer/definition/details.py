"""What is particular to a type of state: a Task's call, a Wait's length, a Map's items, a Fail's error, ways out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import cast

from analyzer.definition.fields import Fields, quoted
from analyzer.definition.states import Catcher, Edge, EdgeKind, ItemBatcher, Items, Retrier, StateType, Task, Wait
from analyzer.integrations import TARGET_PARAMETERS, UNKNOWN, integration, named_target, target_of_arn

# dg state-map-distributed: "Labels can't exceed 40 characters in length".
LONGEST_LABEL = 40

_WAITS = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")


def edges_of(name: str, kind: StateType, fields: Fields, siblings: AbstractSet[str]) -> tuple[Edge, ...]:
    """The ways out of a state, once each, in written order; every one must lead to a state of the same scope."""
    if kind == "Choice":
        edges = _edges_of_choice(name, fields, siblings)
    elif kind in {"Succeed", "Fail"}:
        return ()
    else:
        edges = _edges_of_work(name, fields, siblings)
    return tuple(dict.fromkeys(edges))


def retriers_of(fields: Fields) -> tuple[Retrier, ...]:
    """The entries of `Retry`, in order."""
    return tuple(_retrier(entry) for entry in fields.each("Retry", "retrier"))


def catchers_of(fields: Fields) -> tuple[Catcher, ...]:
    """The entries of `Catch`, in order."""
    return tuple(Catcher(entry.names("ErrorEquals"), entry.text("Next")) for entry in fields.each("Catch", "catcher"))


def task_of(fields: Fields) -> Task:
    """A Task's call. A resource that is no task's ARN is kept as unknown: templates hold `${ChargeFunction}`."""
    if not fields.has("Resource"):
        raise fields.refusal("is a Task without Resource", "Resource")
    resource = fields.text("Resource")
    call = integration("", resource)
    return Task(
        integration=call,
        target=target_of_arn(resource) or (_target_of_parameters(fields) if call != UNKNOWN else ""),
        has_timeout=bool(fields.at_most_one("TimeoutSeconds", "TimeoutSecondsPath")),
        timeout_seconds=fields.number("TimeoutSeconds"),
        has_heartbeat=bool(fields.at_most_one("HeartbeatSeconds", "HeartbeatSecondsPath")),
        heartbeat_seconds=fields.number("HeartbeatSeconds"),
    )


def wait_of(fields: Fields) -> Wait:
    """How long a Wait waits."""
    given = fields.at_most_one(*_WAITS)
    if not given:
        raise fields.refusal(f"is a Wait without one of {', '.join(_WAITS)}")
    return Wait(fields.number("Seconds"), until_timestamp=given.startswith("Timestamp"))


def error_of(fields: Fields) -> str:
    """The literal error of a Fail; empty when it is computed or not given."""
    fields.at_most_one("Cause", "CausePath")
    fields.at_most_one("Error", "ErrorPath")
    return fields.literal("Error")


def body_of_map(fields: Fields) -> Fields:
    """The scope that a Map runs for each item: `ItemProcessor`, or `Iterator` in definitions from before 2022-12."""
    body = fields.inner(fields.at_most_one("ItemProcessor", "Iterator") or "ItemProcessor")
    if body is None:
        raise fields.refusal("is a Map without ItemProcessor or Iterator", "ItemProcessor")
    return body


def items_of(fields: Fields) -> Items:
    """How a Map works through its items."""
    config = body_of_map(fields).inner("ProcessorConfig") or Fields({}, "ProcessorConfig")
    for key in ("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"):
        fields.at_most_one(key, f"{key}Path")
    return Items(
        is_distributed=config.choice("Mode", ("INLINE", "DISTRIBUTED"), "INLINE") == "DISTRIBUTED",
        execution_type=config.literal("ExecutionType"),
        max_concurrency=fields.number("MaxConcurrency"),
        tolerated_failure_count=fields.number("ToleratedFailureCount"),
        tolerated_failure_percentage=fields.number("ToleratedFailurePercentage"),
        batcher=_batcher(fields),
        label=_label(fields),
    )


def _edges_of_choice(name: str, fields: Fields, siblings: AbstractSet[str]) -> Iterator[Edge]:
    rules = list(fields.each("Choices", "choice"))
    if not rules:
        raise fields.refusal("is a Choice without Choices", "Choices")
    for rule in rules:
        yield _edge(name, "choice", rule, "Next", siblings)
    if fields.has("Default"):
        yield _edge(name, "default", fields, "Default", siblings)


def _edges_of_work(name: str, fields: Fields, siblings: AbstractSet[str]) -> Iterator[Edge]:
    ends = fields.flag("End")
    if ends == fields.has("Next"):
        raise fields.refusal("has both Next and End" if ends else "has neither Next nor End", "Next")
    if not ends:
        yield _edge(name, "next", fields, "Next", siblings)
    for catcher in fields.each("Catch", "catcher"):
        yield _edge(name, "catch", catcher, "Next", siblings)


def _edge(source: str, kind: EdgeKind, holder: Fields, key: str, siblings: AbstractSet[str]) -> Edge:
    target = holder.text(key)
    if not target:
        raise holder.refusal(f"has no {key}", key)
    if target not in siblings:
        # AWS words it so for Default and Catch too; a way out of a branch or a Map's body is the same fault.
        reason = f"leads to {quoted(target)}, which is no state of the same scope"
        raise holder.refusal(reason, key, "MISSING_TRANSITION_TARGET")
    return Edge(source, target, kind)


def _retrier(entry: Fields) -> Retrier:
    return Retrier(
        errors=entry.names("ErrorEquals"),
        interval_seconds=entry.constant("IntervalSeconds", 1),
        max_attempts=int(entry.constant("MaxAttempts", 3)),
        backoff_rate=entry.constant("BackoffRate", 2, at_least=1),
        max_delay_seconds=entry.constant("MaxDelaySeconds", 0) if entry.has("MaxDelaySeconds") else None,
        jitter=entry.choice("JitterStrategy", ("NONE", "FULL"), "NONE"),
    )


def _batcher(fields: Fields) -> ItemBatcher | None:
    batcher = fields.inner("ItemBatcher")
    if batcher is None:
        return None
    return ItemBatcher(batcher.number("MaxItemsPerBatch"), batcher.number("MaxInputBytesPerBatch"))


def _label(fields: Fields) -> str:
    label = fields.text("Label")
    if len(label) > LONGEST_LABEL:
        reason = f"has a Label of {len(label)} characters; {LONGEST_LABEL} are allowed"
        raise fields.refusal(reason, "Label", "INVALID_LABEL_NAME")
    return label


def _target_of_parameters(fields: Fields) -> str:
    """What is called, by the first parameter that names it as a literal."""
    values = fields.values.get("Arguments") or fields.values.get("Parameters")
    if not isinstance(values, Mapping):
        return ""
    parameters = Fields(cast("Mapping[object, object]", values), "Parameters")
    literals = ((key, parameters.literal(key)) for key in TARGET_PARAMETERS)
    return next((named_target(key, text) for key, text in literals if text), "")
