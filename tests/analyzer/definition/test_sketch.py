"""A part of a machine as a child of its own."""

from __future__ import annotations

import json
from typing import Any

from analyzer.definition import parse_definition
from analyzer.definition.sketch import DONE, START, sketch
from tests.analyzer.test_segments import INVOKE, chain


def sketched(machine: dict[str, Any], path: tuple[str, ...], *states: str, leave: str = "") -> tuple[Any, Any]:
    found = sketch(json.dumps(machine), path, frozenset(states), states[0], leave)
    assert parse_definition(found.parent).states
    assert parse_definition(found.child).states
    return found.parent, found.child


def test_a_task_stands_for_the_part_and_the_child_ends_where_the_part_was_left() -> None:
    parent, child = sketched(chain("A", "B", "C", "D"), (), "B", "C", leave="D")
    assert list(parent["States"]) == ["A", "B", "D"]
    assert (parent["States"]["B"]["Resource"], parent["States"]["B"]["Next"]) == (START, "D")
    assert child == {
        "StartAt": "B",
        "States": {
            "B": {"Type": "Task", "Resource": INVOKE, "Next": "C"},
            "C": {"Type": "Task", "Resource": INVOKE, "End": True},
        },
    }


def test_a_part_at_the_end_ends_its_parent() -> None:
    parent, child = sketched(chain("A", "B", "C"), (), "B", "C")
    assert parent["States"]["B"]["End"] is True
    assert child["States"]["C"]["End"] is True


def test_a_choice_and_a_catch_that_leave_the_part_end_the_child() -> None:
    machine = chain("A", "B", "C", "D")
    machine["States"]["B"]["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": "D"}]
    machine["States"]["C"] = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.x", "IsPresent": True, "Next": "B"}],
        "Default": "D",
    }
    _, child = sketched(machine, (), "B", "C", leave="D")
    assert child["States"]["B"]["Catch"][0]["Next"] == child["States"]["C"]["Default"] == DONE
    assert child["States"]["C"]["Choices"][0]["Next"] == "B"
    assert child["States"][DONE] == {"Type": "Succeed"}


def test_a_part_inside_a_map_or_a_branch_is_found_there() -> None:
    machine = chain("A", "M", "P")
    machine["States"]["M"] = {"Type": "Map", "ItemProcessor": chain("I", "J", "K"), "Next": "P"}
    branches = [chain("X"), chain("U", "V")]
    machine["States"]["P"] = {"Type": "Parallel", "Branches": branches, "End": True}
    parent, child = sketched(machine, ("M",), "I", "J", leave="K")
    assert list(parent["States"]["M"]["ItemProcessor"]["States"]) == ["I", "K"]
    assert list(child["States"]) == ["I", "J"]
    parent, child = sketched(machine, ("P",), "U", "V")
    assert list(parent["States"]["P"]["Branches"][1]["States"]) == ["U"]


def test_the_child_speaks_the_language_of_the_machine() -> None:
    machine = {**chain("A", "B", "C"), "QueryLanguage": "JSONata"}
    _, child = sketched(machine, (), "A", "B", leave="C")
    assert child["QueryLanguage"] == "JSONata"


def test_the_sketch_is_text_for_a_person() -> None:
    text = sketch(json.dumps(chain("주문", "B", "C")), (), frozenset(["주문", "B"]), "주문", "C").text()
    assert text.startswith("Parent (Standard):\n{")
    assert "Child (Express):" in text
    assert "주문" in text
