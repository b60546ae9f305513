from __future__ import annotations

from tests.analyzer.advice.hinted import LAMBDA, facts, said
from tests.analyzer.rows import Row

ENDED = {"outcome": "failed", "error": "Declined", "is_root": True, "execution_status": "FAILED"}
CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Sorry"}]


def test_a_state_that_ended_a_run_and_has_no_catch() -> None:
    assert said("no_catch", facts({"Charge": LAMBDA}, [ENDED, {}])) == [("medium", 1)]
    assert said("no_catch", facts({"Charge": LAMBDA}, [{}])) == []


def test_a_catch_of_the_state_or_around_it_is_enough() -> None:
    assert said("no_catch", facts({"Charge": {**LAMBDA, "Catch": CATCH}, "Sorry": {"Type": "Pass"}}, [ENDED])) == []
    inner = {"StartAt": "Charge", "States": {"Charge": {**LAMBDA, "End": True}}}
    both: dict[str, Row] = {
        "Both": {"Type": "Parallel", "Branches": [inner], "Catch": CATCH},
        "Sorry": {"Type": "Pass"},
    }
    assert said("no_catch", facts(both, [ENDED])) == []
