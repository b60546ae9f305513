from __future__ import annotations

from analyzer.definition import parse_definition
from analyzer.registry import MachineKey
from tests.analyzer.rows import Row, answer, picked

ORDERS = MachineKey("111122223333", "us-east-1", "orders")
DEFINITION = parse_definition(
    {
        "StartAt": "Check",
        "States": {
            "Check": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.a", "IsNull": True, "Next": "Refund"}],
                "Default": "Ship",
            },
            "Refund": {"Type": "Pass", "End": True},
            "Ship": {"Type": "Pass", "End": True},
        },
    }
)


def went(execution: int, *states: str) -> list[Row]:
    pairs = zip((None, *states), states, strict=False)
    return [{"execution_id": execution, "state": state, "after_state": before} for before, state in pairs]


def test_ways_taken_and_never_taken() -> None:
    attempts = [*went(1, "Check", "Ship"), *went(2, "Check", "Ship"), *went(3, "Check")]
    rows = answer("edges", attempts=attempts, definitions={ORDERS: DEFINITION})
    assert picked(rows, "source", "target", "kind", "traversals", "is_defined") == [
        (None, "Check", "start", 3, True),
        ("Check", None, "end", 1, None),
        ("Check", "Refund", "choice", 0, True),
        ("Check", "Ship", "default", 2, True),
        ("Ship", None, "end", 2, None),
    ]
    assert [row["probability"] for row in rows] == [None, 0.333333333333, 0.0, 0.666666666667, 1.0]


def test_a_way_that_the_definition_does_not_have_is_drift() -> None:
    rows = answer("edges", attempts=went(1, "Check", "Audit"), definitions={ORDERS: DEFINITION})
    [drift] = [row for row in rows if row["is_defined"] is False]
    assert (drift["source"], drift["target"], drift["kind"], drift["traversals"]) == ("Check", "Audit", None, 1)


def test_retries_and_redrives_take_no_way() -> None:
    retry = {"state": "Check", "attempt": 2, "visit_error": "Broken"}
    rows = answer("edges", attempts=[*went(1, "Check"), retry])
    assert picked(rows, "source", "target", "traversals", "is_defined") == [
        (None, "Check", 1, None),
        ("Check", None, 1, None),
    ]


def test_the_same_state_names_in_containers_are_told_apart() -> None:
    inside: Row = {"state": "Resize", "path": "Items", "execution_id": 1}
    rows = answer("edges", attempts=[{"state": "Items", "state_type": "Map"}, inside, inside | {"iteration": "1"}])
    assert picked(rows, "path", "target", "traversals") == [
        (None, "Items", 1),
        (None, None, 1),
        ("Items", "Resize", 2),
        ("Items", None, 2),
    ]
