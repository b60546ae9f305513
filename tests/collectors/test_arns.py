from __future__ import annotations

import pytest

from collectors.arns import Arn, parts_of, tail_of

PLACE = "arn:aws-cn:states:cn-north-1:123456789012:"


def test_an_execution_names_its_machine() -> None:
    parts = parts_of(PLACE + "execution:주문:run-1")
    assert parts == Arn("aws-cn", "cn-north-1", "123456789012", "execution", "주문", "run-1")
    assert parts is not None
    assert parts.machine_arn == PLACE + "stateMachine:주문"
    assert parts.machine_arn_of("other") == PLACE + "stateMachine:other"


@pytest.mark.parametrize(
    ("arn", "type"),
    [
        (PLACE + "execution:m:e", "STANDARD"),
        (PLACE + "express:m:e:uuid", "EXPRESS"),
        (PLACE + "stateMachine:m", None),
        (PLACE + "stateMachine:m:3", None),
    ],
)
def test_the_arn_of_an_execution_tells_the_type(arn: str, type: str | None) -> None:
    parts = parts_of(arn)
    assert parts is not None
    assert parts.machine == "m"
    assert parts.type == type


def test_a_map_runs_children_are_of_a_labelled_machine() -> None:
    parts = parts_of(PLACE + "execution:machine/label:uuid")
    assert parts is not None
    assert parts.machine == "machine/label"


@pytest.mark.parametrize("text", ["", "run-1", "arn:aws:lambda:r:a:function:f", "arn:aws:states:r:a:stateMachine"])
def test_what_is_no_arn_of_step_functions_has_no_parts(text: str) -> None:
    assert parts_of(text) is None


def test_the_tail_is_a_version_or_an_alias() -> None:
    assert tail_of(PLACE + "stateMachine:m:3") == "3"
    assert tail_of(None) is None
