"""Polling loops of a definition."""

from __future__ import annotations

from typing import Any

from analyzer.definition import parse_definition
from analyzer.polling import PollingLoop, polling_loops

GET = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getJobRun", "Next": "Done?"}
ASK_AGAIN = {"Type": "Choice", "Choices": [{"Variable": "$.s", "IsPresent": True, "Next": "End"}], "Default": "Hold"}


def polling(**hold: Any) -> dict[str, Any]:
    return {
        "StartAt": "Hold",
        "States": {
            "Hold": {"Type": "Wait", **(hold or {"Seconds": 30}), "Next": "Ask"},
            "Ask": GET,
            "Done?": ASK_AGAIN,
            "End": {"Type": "Succeed"},
        },
    }


def test_a_wait_a_call_and_a_way_back_are_a_polling_loop() -> None:
    expected = PollingLoop("Hold", 30, ("Hold", "Ask", "Done?"), ("aws-sdk:glue:getJobRun",))
    assert polling_loops(parse_definition(polling())) == [expected]


def test_a_wait_that_a_run_decides_has_no_seconds() -> None:
    [loop] = polling_loops(parse_definition(polling(SecondsPath="$.s")))
    assert loop.wait_seconds is None


def test_a_loop_inside_a_map_is_found_and_what_a_loop_contains_belongs_to_it() -> None:
    machine = {
        "StartAt": "Each",
        "States": {"Each": {"Type": "Map", "ItemProcessor": polling(), "Next": "Rest"}, "Rest": {"Type": "Succeed"}},
    }
    assert [loop.wait_state for loop in polling_loops(parse_definition(machine))] == ["Hold"]
    around = polling()
    branch = {"StartAt": "Inner", "States": {"Inner": {**GET, "Next": "Last"}, "Last": {"Type": "Succeed"}}}
    around["States"]["Ask"] = {"Type": "Parallel", "Branches": [branch], "Next": "Done?"}
    [loop] = polling_loops(parse_definition(around))
    assert loop.states == ("Hold", "Ask", "Inner", "Last", "Done?")


def test_a_loop_without_a_wait_or_without_a_call_polls_nothing() -> None:
    no_wait, no_call = polling(), polling()
    no_wait["States"]["Hold"] = {"Type": "Pass", "Next": "Ask"}
    no_call["States"]["Ask"] = {"Type": "Pass", "Next": "Done?"}
    assert polling_loops(parse_definition(no_wait)) == polling_loops(parse_definition(no_call)) == []
