from __future__ import annotations

from tests.analyzer.advice.hinted import LAMBDA, facts, hints, said
from tests.analyzer.rows import TRANSITION_USD

STATES = {"Shape": {"Type": "Pass"}, "Charge": LAMBDA}
SHAPED = {"state": "Shape", "state_type": "Pass"}


def test_a_tenth_of_the_transitions_is_evidence() -> None:
    [hint] = hints("pass_states", facts(STATES, [SHAPED, *[{}] * 9]))
    assert (hint.severity, hint.saving_usd) == ("medium", TRANSITION_USD)
    assert hint.sentence == "1 Pass state made 1 of 10 transitions."


def test_less_is_info_and_none_is_nothing() -> None:
    assert said("pass_states", facts(STATES, [SHAPED, *[{}] * 10])) == [("info", 1)]
    assert said("pass_states", facts(STATES, [{}])) == []
    assert said("pass_states", facts(STATES, [{**SHAPED, "transitions": 0, "type": "EXPRESS"}])) == []
