"""What an Express machine would do otherwise."""

from __future__ import annotations

from typing import Any

from analyzer.definition import Definition, parse_definition
from analyzer.registry import MachineKey
from analyzer.semantics import AT_LEAST_ONCE, NO_RECORD, semantic_warnings

CHILD = MachineKey("111122223333", "us-east-1", "child")
PARENT = CHILD._replace(name="parent")
CHILD_ARN = "arn:aws:states:us-east-1:111122223333:stateMachine:child"


def machine(**states: dict[str, Any]) -> Definition:
    ended = {name: {"End": True, **state} for name, state in states.items()}
    return parse_definition({"StartAt": next(iter(states)), "States": ended})


def task(resource: str, **parameters: str) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": parameters}


def test_what_holds_for_all_is_said_of_every_machine() -> None:
    assert semantic_warnings(CHILD, {}, 0) == [AT_LEAST_ONCE, NO_RECORD]
    assert semantic_warnings(CHILD, {CHILD: machine(A={"Type": "Pass"})}, 0) == [AT_LEAST_ONCE, NO_RECORD]


def test_redrives_come_first() -> None:
    assert semantic_warnings(CHILD, {}, 1_200)[0] == "1,200 of its executions were redriven; Express has no redrive."


def test_a_caller_that_waits_for_the_end_is_named() -> None:
    caller = machine(Call=task("states:startExecution.sync:2", StateMachineArn=CHILD_ARN))
    [first, *_] = semantic_warnings(CHILD, {PARENT: caller}, 0)
    assert first == "'parent' in its state 'Call' waits for its end by .sync, which an Express child does not have."
    assert semantic_warnings(CHILD, {PARENT._replace(account="444455556666"): caller}, 0) == [AT_LEAST_ONCE, NO_RECORD]
    assert semantic_warnings(CHILD._replace(name="other"), {PARENT: caller}, 0) == [AT_LEAST_ONCE, NO_RECORD]


def test_a_machine_that_looks_executions_up_is_named() -> None:
    asking = machine(Ask=task("aws-sdk:sfn:describeExecution"))
    [first, *_] = semantic_warnings(CHILD, {PARENT: asking}, 0)
    assert first.startswith("'parent' in its state 'Ask' calls aws-sdk:sfn:describeExecution")


def test_what_runs_twice_sends_twice() -> None:
    sending = machine(**{name: task("sns:publish") for name in "ABCD"})
    assert semantic_warnings(CHILD, {CHILD: sending}, 0)[0] == "What runs twice sends twice: 'A', 'B', 'C' and 1 more."


def test_what_the_definition_warns_of_is_said_too() -> None:
    long = machine(A={"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSeconds": 900})
    assert "State 'A' may take 900 s; Express ends after 300 s." in semantic_warnings(CHILD, {CHILD: long}, 0)
