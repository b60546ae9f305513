from __future__ import annotations

from tests.analyzer.advice.hinted import LAMBDA, facts, hints, said

REFUSED = {"outcome": "failed", "error": "Lambda.TooManyRequestsException"}
ENDED = {**REFUSED, "is_root": True, "execution_status": "FAILED"}


def test_one_that_ended_a_run_is_high_one_that_was_caught_medium_none_info() -> None:
    assert said("lambda_errors_unretried", facts({"Charge": LAMBDA}, [ENDED, REFUSED])) == [("high", 2)]
    assert said("lambda_errors_unretried", facts({"Charge": LAMBDA}, [REFUSED])) == [("medium", 1)]
    assert said("lambda_errors_unretried", facts({"Charge": LAMBDA}, [{}])) == [("info", 0)]


def test_only_errors_that_are_not_retried_count() -> None:
    service = [f"Lambda.{name}" for name in ("ServiceException", "AWSLambdaException", "SdkClientException")]
    retry = [{"ErrorEquals": [*service, "Lambda.ClientExecutionTimeoutException"]}]
    [hint] = hints("lambda_errors_unretried", facts({"Charge": {**LAMBDA, "Retry": retry}}, [ENDED]))
    assert hint.sentence == ("1 attempt of 1 failed with Lambda.TooManyRequestsException, not retried; 1 ended a run.")
    everything = [{"ErrorEquals": ["States.ALL"]}]
    assert said("lambda_errors_unretried", facts({"Charge": {**LAMBDA, "Retry": everything}}, [ENDED])) == []
