"""A part of a machine as a child of its own: both definitions, as a sketch for a person to finish."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

Document = dict[str, Any]

CHILD_ARN = "${ChildStateMachineArn}"
START = "arn:aws:states:::aws-sdk:sfn:startSyncExecution"
DONE = "(done)"

# StartSyncExecution answers well when the child failed; only an expression can make that an error of the state.
_OUTPUT = (
    "{% $states.result.Status = 'SUCCEEDED' ? $parse($states.result.Output)"
    " : $error($states.result.Error & ': ' & $states.result.Cause) %}"
)


class Sketch(NamedTuple):
    """The definitions of a parent, in which one Task stands for the part, and of the Express child with the part."""

    parent: Document
    child: Document

    def text(self) -> str:
        """Both as JSON, one after the other."""
        parts = (("Parent (Standard)", self.parent), ("Child (Express)", self.child))
        return "\n\n".join(f"{name}:\n{json.dumps(part, indent=2, ensure_ascii=False)}" for name, part in parts)


def sketch(definition: str, path: tuple[str, ...], states: frozenset[str], entry: str, leave: str) -> Sketch:
    """The sketch of a part of a machine: `states` under `path`, entered at `entry`, left for `leave` (or its end)."""
    parent: Document = json.loads(definition)
    scope = _scope_of(parent, path, entry)
    own = {name: scope["States"][name] for name in scope["States"] if name in states}
    call = {
        "Type": "Task",
        "QueryLanguage": "JSONata",
        "Resource": START,
        "Arguments": {"StateMachineArn": CHILD_ARN, "Input": "{% $string($states.input) %}"},
        "Output": _OUTPUT,
        **({"Next": leave} if leave else {"End": True}),
    }
    scope["States"] = _replaced(scope["States"], own, entry, call)
    child: Document = {"StartAt": entry, "States": {name: _ended(state, leave) for name, state in own.items()}}
    if leave and any(_mentions(state, DONE) for state in child["States"].values()):
        child["States"][DONE] = {"Type": "Succeed"}
    language = scope.get("QueryLanguage") or parent.get("QueryLanguage")
    return Sketch(parent, {**({"QueryLanguage": language} if language else {}), **child})


def _replaced(all_states: Document, own: Document, entry: str, call: Document) -> Document:
    """The states of a scope with the call in the place of its own entry, the others of them gone."""
    kept = {name: call if name == entry else state for name, state in all_states.items()}
    return {name: state for name, state in kept.items() if name == entry or name not in own}


def _scope_of(machine: Document, path: tuple[str, ...], state: str) -> Document:
    """The object that holds the `States` in which this state stands."""
    scope = machine
    for container, deeper in zip(path, (*path[1:], state), strict=False):
        around = scope["States"][container]
        bodies = around.get("Branches") or [around.get("ItemProcessor") or around.get("Iterator")]
        scope = next(body for body in bodies if deeper in body["States"])
    return scope


def _ended(state: Document, leave: str) -> Document:
    """A state of the child: where the part is left, the child ends."""
    if not leave:
        return state
    ends = state.get("Next") == leave
    kept = {key: value for key, value in state.items() if not (ends and key == "Next")}
    led = {key: DONE if key == "Default" and value == leave else _left(value, leave) for key, value in kept.items()}
    return {**led, **({"End": True} if ends else {})}


def _left(value: Any, leave: str) -> Any:
    """A Choice, a Default or a Catch that leads out of the part leads to an end of the child."""
    if isinstance(value, list):
        return [_left(entry, leave) for entry in value]
    if isinstance(value, Mapping):
        return {key: DONE if key == "Next" and entry == leave else entry for key, entry in value.items()}
    return value


def _mentions(state: Document, name: str) -> bool:
    outs = [state.get("Default"), *(entry.get("Next") for key in ("Choices", "Catch") for entry in state.get(key, ()))]
    return name in outs
