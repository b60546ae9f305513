"""Small definitions to write in one line, and nested ones to draw."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from hypothesis import strategies as st

END: Mapping[str, Any] = {"Type": "Pass", "End": True}


def scope(states: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A machine, a branch or a Map's body that starts at the first of its states."""
    return {"StartAt": next(iter(states)), "States": dict(states), **fields}


def task(resource: str = "arn:aws:states:::lambda:invoke", **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, "End": True, **fields}


def parallel(*branches: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    return {"Type": "Parallel", "Branches": list(branches), "End": True, **fields}


def mapped(body: Mapping[str, Any], key: str = "ItemProcessor", **fields: Any) -> dict[str, Any]:
    return {"Type": "Map", key: body, "End": True, **fields}


def distributed(body: Mapping[str, Any], key: str = "ItemProcessor", **fields: Any) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    return mapped({**body, "ProcessorConfig": config}, key, **fields)


class Nested(NamedTuple):
    """A drawn definition and, for each state in it, the path and branch it was put in."""

    definition: dict[str, Any]
    places: dict[str, tuple[tuple[str, ...], int | None]]


@st.composite
def nested_definitions(draw: st.DrawFn, depth: int = 3) -> Nested:
    """Machines of chains of states, some of them Parallels and Maps with further chains inside."""
    places: dict[str, tuple[tuple[str, ...], int | None]] = {}

    def chain(path: tuple[str, ...], branch: int | None) -> dict[str, Any]:
        names = [_place(places, path, branch) for _ in range(draw(st.integers(1, 3)))]
        states = {name: state(name, path) for name in names}
        for name, following in pairwise(names):
            states[name] = {**states[name], "Next": following, "End": False}
        return scope(states)

    def state(name: str, path: tuple[str, ...]) -> dict[str, Any]:
        kinds = ["Pass", "Task"] if len(path) == depth else ["Pass", "Task", "Parallel", "Map"]
        kind = draw(st.sampled_from(kinds))
        if kind == "Parallel":
            return parallel(*(chain((*path, name), index) for index in range(draw(st.integers(1, 3)))))
        if kind == "Map":
            return mapped(chain((*path, name), None), draw(st.sampled_from(["ItemProcessor", "Iterator"])))
        return task() if kind == "Task" else dict(END)

    return Nested(chain((), None), places)


def _place(places: dict[str, tuple[tuple[str, ...], int | None]], path: tuple[str, ...], branch: int | None) -> str:
    name = f"상태 {len(places)}"
    places[name] = (path, branch)
    return name
