"""Amazon States Language → Definition, or a reason why not.

Refused is what could not be modelled (no JSON, no States, a way that leads nowhere), what contradicts itself (Error and
ErrorPath), and what AWS refuses in a field that is kept. What AWS refuses elsewhere is passed over: unknown fields,
wrong paths and expressions, states that nothing leads to. Emulators run such machines, and their histories deserve a
definition.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import NamedTuple, NoReturn, cast

from analyzer.definition.details import (
    body_of_map,
    catchers_of,
    edges_of,
    error_of,
    items_of,
    retriers_of,
    task_of,
    wait_of,
)
from analyzer.definition.fields import Fields, RepeatedKeys, quoted, storable
from analyzer.definition.states import Definition, QueryLanguage, State, StateType
from store.errors import DefinitionError

# AWS accepts 1 MB (dg service-quotas); the rest is room for indentation that other tools add.
LARGEST_TEXT = 4 * 1024 * 1024
# AWS refuses with TOO_DEEPLY_NESTED at a depth it does not publish. Nobody reads a machine of fifty.
DEEPEST_NESTING = 50

_TYPES = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
_GUARDED_TYPES = ("Task", "Parallel", "Map")
_LANGUAGES = ("JSONPath", "JSONata")
_EXPORT_HINT = (
    "Export it with: aws stepfunctions describe-state-machine --state-machine-arn ARN --query definition --output text"
)


class _Scope(NamedTuple):
    """States that lead to one another: the machine's, those of a branch, or of a Map's body."""

    fields: Fields
    path: tuple[str, ...]
    branch: int | None
    language: QueryLanguage


def parse_definition(text_or_object: object) -> Definition:
    """The state machine of a definition: JSON as text or bytes, or the object it holds.

    Raises DefinitionError with a sentence, AWS's code for the fault and its place.
    """
    machine = _machine(text_or_object)
    language = cast("QueryLanguage", machine.choice("QueryLanguage", _LANGUAGES, "JSONPath"))
    states = _by_name(_states_in(_Scope(machine, (), None, language)))
    if not any(state.is_end for state in states.values()):
        raise DefinitionError("No state ends the machine: each leads to another.", code="MISSING_END_STATE")
    return Definition(
        start_at=machine.text("StartAt"),
        states=states,
        timeout_seconds=machine.number("TimeoutSeconds"),
        query_language=language,
        comment=machine.literal("Comment"),
    )


def _machine(text_or_object: object) -> Fields:
    value = _decoded(text_or_object) if isinstance(text_or_object, str | bytes | bytearray) else text_or_object
    if not isinstance(value, Mapping):
        raise DefinitionError("The definition is JSON, but no object.", _EXPORT_HINT)
    if "States" not in value and "definition" in value:
        raise DefinitionError("This describes a state machine; its definition is the field `definition`.", _EXPORT_HINT)
    return Fields(value, "the definition")


def _decoded(text: str | bytes | bytearray) -> object:
    if not text.strip():
        raise DefinitionError("The definition is empty.", _EXPORT_HINT, "MISSING_DESCRIPTION")
    if len(text) > LARGEST_TEXT:
        sentence = f"The definition has {len(text):,} characters; AWS accepts one million."
        raise DefinitionError(sentence, _EXPORT_HINT)
    try:
        bare = text.removeprefix("\ufeff") if isinstance(text, str) else text
        return json.loads(bare, object_pairs_hook=_object, parse_constant=_no_constant)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        sentence = f"The definition is not JSON: {error}."
        raise DefinitionError(sentence, _EXPORT_HINT, "INVALID_JSON_DESCRIPTION") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    repeating = RepeatedKeys(values)
    repeating.repeated = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return repeating


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _too_deep() -> DefinitionError:
    return DefinitionError("The definition is nested too deeply to be read.", code="TOO_DEEPLY_NESTED")


def _by_name(states: Iterable[State]) -> dict[str, State]:
    found: dict[str, State] = {}
    for state in states:
        if state.name in found:
            raise _duplicate(state.name)
        found[state.name] = state
    return found


def _duplicate(name: str) -> DefinitionError:
    sentence = f"Two states are called {quoted(name)}; names are unique in a machine, branches and Map bodies included."
    return DefinitionError(sentence, code="DUPLICATE_STATE_NAME", location=f"/States/{storable(name)}")


def _states_in(scope: _Scope) -> Iterator[State]:
    """All states of a scope, each followed by those inside it."""
    if len(scope.path) > DEEPEST_NESTING:
        raise _too_deep()
    siblings = _siblings(scope.fields)
    start = _start(scope.fields, siblings)
    for name, fields in siblings.items():
        state = _state(name, fields, scope, siblings.keys())
        yield replace(state, is_start=True) if name == start else state
        for index, body in _bodies(fields, state.type):
            yield from _states_in(_Scope(body, (*scope.path, name), index, scope.language))


def _state(name: str, fields: Fields, scope: _Scope, siblings: AbstractSet[str]) -> State:
    kind = _type(fields)
    guarded = kind in _GUARDED_TYPES
    return State(
        name=name,
        type=kind,
        path=scope.path,
        branch=scope.branch,
        edges=edges_of(name, kind, fields, siblings),
        retriers=retriers_of(fields) if guarded else (),
        catchers=catchers_of(fields) if guarded else (),
        query_language=cast("QueryLanguage", fields.choice("QueryLanguage", _LANGUAGES, scope.language)),
        task=task_of(fields) if kind == "Task" else None,
        wait=wait_of(fields) if kind == "Wait" else None,
        items=items_of(fields) if kind == "Map" else None,
        error=error_of(fields) if kind == "Fail" else "",
    )


def _type(fields: Fields) -> StateType:
    kind = fields.text("Type")
    if kind not in _TYPES:
        reason = f"has Type {quoted(kind)}, which is none of {', '.join(_TYPES)}" if kind else "has no Type"
        raise fields.refusal(reason, "Type")
    return cast("StateType", kind)


def _bodies(fields: Fields, kind: StateType) -> Iterator[tuple[int | None, Fields]]:
    """The scopes inside a state, with the index of the branch where there are several."""
    if kind == "Parallel":
        if not fields.has("Branches"):
            raise fields.refusal("is a Parallel without Branches", "Branches")
        yield from enumerate(fields.each("Branches", "branch"))
    elif kind == "Map":
        yield None, body_of_map(fields)


def _siblings(scope: Fields) -> dict[str, Fields]:
    states = scope.inner("States")
    if states is None or not states.values:
        raise scope.refusal("has no States", "States")
    if isinstance(states.values, RepeatedKeys) and states.values.repeated:
        raise _duplicate(states.values.repeated[0])
    return dict(_named(states))


def _named(states: Fields) -> Iterator[tuple[str, Fields]]:
    for key, value in states.values.items():
        if not isinstance(key, str) or not key:
            raise states.refusal("has a name that is no text or empty", code="INVALID_STATE_NAME")
        name = storable(key)
        state = Fields({}, f"state {quoted(name)}", f"{states.location}/{name}")
        if not isinstance(value, Mapping):
            raise state.refusal("is not an object")
        yield name, state._replace(values=value)


def _start(scope: Fields, siblings: Mapping[str, Fields]) -> str:
    start = scope.text("StartAt")
    if not start:
        raise scope.refusal("has no StartAt", "StartAt")
    if start not in siblings:
        reason = f"starts at {quoted(start)}, which is none of its States"
        raise scope.refusal(reason, "StartAt", "MISSING_TRANSITION_TARGET")
    return start
