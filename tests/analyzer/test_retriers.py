from __future__ import annotations

import json

import pytest

from analyzer.definition import Retrier
from analyzer.retriers import matches, retrier_for, retry_json, with_attempts

OWN = Retrier(("Busy", "Slow"), interval_seconds=5, max_attempts=4, max_delay_seconds=30, jitter="FULL")
ALL = Retrier(("States.ALL",))


@pytest.mark.parametrize(
    ("name", "error", "held"),
    [
        ("Busy", "Busy", True),
        ("Busy", "busy", False),
        ("States.ALL", "Anything", True),
        ("States.ALL", "States.Timeout", True),
        ("States.ALL", "States.Runtime", False),
        ("States.TaskFailed", "Anything", True),
        ("States.TaskFailed", "States.Timeout", False),
    ],
)
def test_names_stand_for_errors_as_aws_says(name: str, error: str, held: bool) -> None:
    assert matches([name], error) is held


def test_the_first_entry_that_holds_is_the_one() -> None:
    assert retrier_for([OWN, ALL], "Slow") is OWN
    assert retrier_for([OWN, ALL], "Other") is ALL
    assert retrier_for([OWN], "Other") is None


def test_an_error_gets_an_entry_of_its_own_and_the_others_keep_theirs() -> None:
    changed = with_attempts([OWN, ALL], "Busy", 1)
    assert [(retrier.errors, retrier.max_attempts) for retrier in changed] == [
        (("Busy",), 1),
        (("Slow",), 4),
        (("States.ALL",), 3),
    ]
    assert with_attempts([OWN], "New", 6)[0].interval_seconds == 2
    assert [retrier.errors for retrier in with_attempts([Retrier(("Busy",))], "Busy", 2)] == [("Busy",)]


def test_a_block_is_written_as_asl_without_what_is_the_default() -> None:
    assert json.loads(retry_json([OWN, Retrier(("Never",), max_attempts=0)])) == [
        {
            "ErrorEquals": ["Busy", "Slow"],
            "IntervalSeconds": 5,
            "MaxAttempts": 4,
            "BackoffRate": 2,
            "MaxDelaySeconds": 30,
            "JitterStrategy": "FULL",
        },
        {"ErrorEquals": ["Never"], "MaxAttempts": 0},
    ]
    assert retry_json([]) == "[]"
