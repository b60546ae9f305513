from __future__ import annotations

from tests.analyzer.advice.hinted import LAMBDA, facts, said

LEGACY = {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:charge"}


def test_a_function_called_by_its_arn_is_told_and_one_called_as_a_service_is_not() -> None:
    assert said("legacy_lambda", facts({"Charge": LEGACY}, [{}, {}])) == [("info", 2)]
    assert said("legacy_lambda", facts({"Charge": LAMBDA}, [{}])) == []
