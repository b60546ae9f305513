from __future__ import annotations

import json

import pytest

from analyzer.definition import Retrier, State
from analyzer.retry_advice import Advice, RetryEvidence, advice
from analyzer.retry_yield import RetryYield, Step

CHARGE = State("Charge", "Task", retriers=(Retrier(("States.ALL",), max_attempts=5),))


def said(error: str, *steps: tuple[int, int], state: State | None = CHARGE) -> Advice:
    """The advice where so many attempts of each number were made and succeeded, each for 10 ms and a cent."""
    made = tuple(Step(tries, recovered, 0, 10 * tries, 5 * tries, 0.01 * tries) for tries, recovered in steps)
    return advice(RetryEvidence(error, RetryYield(made), state))


def test_a_transient_error_that_was_never_retried_is_to_be_retried() -> None:
    told = said("Lambda.TooManyRequestsException", (40, 0), state=State("Rank", "Task"))
    assert told.verdict == "retry"
    assert (told.now, json.loads(told.suggested or "")[0]["MaxAttempts"]) == ("[]", 6)


@pytest.mark.parametrize(("error", "visits"), [("CardDeclined", 40), ("Lambda.TooManyRequestsException", 2)])
def test_no_retry_is_advised_by_a_name_that_says_nothing_or_by_two_failures(error: str, visits: int) -> None:
    assert said(error, (visits, 0)).verdict == "unretried"


def test_what_never_recovers_is_not_to_be_retried_and_the_saving_is_all_retries() -> None:
    told = said("CardDeclined", (30, 0), (30, 0), (30, 0))
    assert told.verdict == "never"
    assert told.sentence == "0 of 60 such retries succeeded: do not retry it."
    assert json.loads(told.suggested or "") == [
        {"ErrorEquals": ["CardDeclined"], "MaxAttempts": 0},
        {"ErrorEquals": ["States.ALL"], "MaxAttempts": 5, "BackoffRate": 2},
    ]
    assert told.spared._replace(usd=None) == Step(60, 0, 0, 600, 300, None)
    assert told.spared.usd == pytest.approx(0.6)


def test_too_few_retries_say_nothing() -> None:
    assert said("CardDeclined", (9, 0), (9, 0), (9, 0)).verdict == "unclear"


def test_retries_that_stop_helping_are_to_stop_earlier_and_what_they_saved_is_told() -> None:
    told = said("Busy", (500, 0), (400, 300), (100, 1), (99, 1))
    assert told.verdict == "stop_earlier"
    assert json.loads(told.suggested or "")[0] == {"ErrorEquals": ["Busy"], "MaxAttempts": 1, "BackoffRate": 2}
    assert (told.spared.tries, told.spared.recovered) == (199, 2)


def test_retries_that_help_to_the_last_stay() -> None:
    told = said("Busy", (50, 0), (50, 20), (30, 10))
    assert (told.verdict, told.suggested) == ("keep", None)
