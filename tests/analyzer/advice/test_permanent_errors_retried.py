from __future__ import annotations

from tests.analyzer.advice.hinted import LAMBDA, facts, hints, said
from tests.analyzer.rows import TRANSITION_USD

ALL = {**LAMBDA, "Retry": [{"ErrorEquals": ["States.ALL"]}]}
IN_VAIN = {"attempt": 2, "visit_error": "Declined", "outcome": "failed", "error": "Declined"}


def test_twenty_retries_in_vain_are_evidence_and_their_price_is_the_saving() -> None:
    [hint] = hints("permanent_errors_retried", facts({"Charge": ALL}, [IN_VAIN] * 20))
    assert (hint.severity, hint.occurrences, hint.saving_usd) == ("medium", 20, round(20 * TRANSITION_USD, 12))
    assert hint.sentence == "None of 20 retries after Declined succeeded."


def test_fewer_or_one_that_succeeded_or_an_error_that_is_named_are_none() -> None:
    assert said("permanent_errors_retried", facts({"Charge": ALL}, [IN_VAIN] * 19)) == []
    helped = {**IN_VAIN, "outcome": "succeeded", "error": None}
    assert said("permanent_errors_retried", facts({"Charge": ALL}, [*[IN_VAIN] * 20, helped])) == []
    named = {**LAMBDA, "Retry": [{"ErrorEquals": ["Declined"]}, {"ErrorEquals": ["States.ALL"]}]}
    assert said("permanent_errors_retried", facts({"Charge": named}, [IN_VAIN] * 20)) == []
