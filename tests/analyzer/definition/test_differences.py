from __future__ import annotations

import copy
from typing import Any

from analyzer.definition import parse_definition
from analyzer.definition.differences import differences

OLD: dict[str, Any] = {
    "StartAt": "Charge",
    "States": {
        "Charge": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "charge"},
            "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2, "IntervalSeconds": 3}],
            "TimeoutSeconds": 10,
            "Next": "Pause",
        },
        "Pause": {"Type": "Wait", "Seconds": 5, "Next": "Ship"},
        "Ship": {"Type": "Pass", "End": True},
    },
}


def told(**changed: dict[str, Any]) -> list[str]:
    new = copy.deepcopy(OLD)
    for name, fields in changed.items():
        new["States"][name].update(fields)
    return differences(parse_definition(OLD), parse_definition(new))


def test_the_same_definition_has_no_differences() -> None:
    assert told() == []


def test_retries_timeouts_resources_waits_and_ways() -> None:
    retry = [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 5, "IntervalSeconds": 3}]
    assert told(Charge={"Retry": retry}) == [
        "Retry of Charge is 5 times after 3 s x 2 for States.ALL instead of 2 times after 3 s x 2 for States.ALL"
    ]
    assert told(Pause={"Seconds": 60}) == ["the wait of Pause is 60 s instead of 5 s"]
    assert told(Charge={"Next": "Ship"}) == ["the next state of Charge is Ship instead of Pause"]
    [resource] = told(Charge={"Parameters": {"FunctionName": "charge-2"}})
    assert (
        resource == "the resource of Charge is lambda:invoke request charge-2 instead of lambda:invoke request charge"
    )


def test_states_that_came_and_went() -> None:
    new = copy.deepcopy(OLD)
    new["States"]["Store"] = new["States"].pop("Ship")
    new["States"]["Pause"]["Next"] = "Store"
    assert differences(parse_definition(OLD), parse_definition(new)) == [
        "Store was added",
        "Ship was removed",
        "the next state of Pause is Store instead of Ship",
    ]


def test_a_timeout_taken_away() -> None:
    new = copy.deepcopy(OLD)
    del new["States"]["Charge"]["TimeoutSeconds"]
    assert differences(parse_definition(OLD), parse_definition(new)) == ["the timeout of Charge is none instead of set"]
