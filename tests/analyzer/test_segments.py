"""Parts of a machine that could be Express."""

from __future__ import annotations

import itertools
from typing import Any

from analyzer.definition import parse_definition
from analyzer.segments import express_parts

INVOKE = "arn:aws:states:::lambda:invoke"
CALLBACK = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


def chain(*names: str, **resources: str) -> dict[str, Any]:
    """Tasks after one another."""
    following = dict(itertools.pairwise(names))
    states = {
        name: {
            "Type": "Task",
            "Resource": resources.get(name, INVOKE),
            **({"Next": following[name]} if name in following else {"End": True}),
        }
        for name in names
    }
    return {"StartAt": names[0], "States": states}


def parts(machine: dict[str, Any]) -> list[tuple[str, ...]]:
    return [part.inside for part in express_parts(parse_definition(machine))]


def test_stretches_of_a_chain_that_are_not_all_of_it() -> None:
    assert parts(chain("A", "B", "C")) == [("A", "B"), ("B", "C")]


def test_what_express_lacks_is_in_no_part() -> None:
    assert parts(chain("A", "B", "C", "D", "E", C=CALLBACK)) == [("A", "B"), ("D", "E")]


def test_a_part_needs_a_task_and_two_states() -> None:
    machine = chain("A", "B", "C", B=CALLBACK)
    assert parts(machine) == []
    machine["States"]["C"] = {"Type": "Pass", "Next": "D"}
    machine["States"]["D"] = {"Type": "Succeed"}
    assert parts(machine) == []


def test_a_container_is_in_a_part_with_all_that_it_holds() -> None:
    machine = chain("A", "M", "C", A=CALLBACK)
    machine["States"]["M"] = {"Type": "Map", "ItemProcessor": chain("I", "J"), "Next": "C"}
    found = express_parts(parse_definition(machine))
    assert [(part.path, part.inside, set(part.own)) for part in found] == [
        ((), ("M", "I", "J", "C"), {"M", "C"}),
        ((), ("M", "I", "J"), {"M"}),
        (("M",), ("I", "J"), {"I", "J"}),
    ]


def test_items_of_a_distributed_map_are_no_part_of_its_machine() -> None:
    machine = chain("A", "M", "C")
    body = {**chain("I", "J"), "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    machine["States"]["M"] = {"Type": "Map", "ItemProcessor": body, "Next": "C"}
    assert parts(machine) == []


def test_a_loop_is_a_part_as_a_whole_and_its_inside_is_none() -> None:
    machine = chain("A", "W", "G", "C", "Z", A=CALLBACK, Z=CALLBACK)
    machine["States"]["W"] = {"Type": "Wait", "Seconds": 1, "Next": "G"}
    machine["States"]["C"] = {"Type": "Choice", "Choices": [{"IsPresent": True, "Variable": "$.x", "Next": "Z"}]}
    machine["States"]["C"]["Default"] = "W"
    assert parts(machine) == [("W", "G", "C")]
