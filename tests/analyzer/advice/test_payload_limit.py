from __future__ import annotations

from tests.analyzer.advice.hinted import LAMBDA, facts, said


def test_a_state_that_failed_by_the_size_of_its_data_is_high() -> None:
    large = {"outcome": "failed", "error": "States.DataLimitExceeded"}
    assert said("payload_limit", facts({"Charge": LAMBDA}, [large, {}])) == [("high", 1)]
    assert said("payload_limit", facts({"Charge": LAMBDA}, [{**large, "error": "Other"}])) == []
