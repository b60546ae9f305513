from __future__ import annotations

from tests.analyzer.advice.hinted import LAMBDA, NOW, facts, hints, said
from tests.analyzer.rows import DAY

STUCK = {"outcome": "running", "entered_at": NOW - 2 * DAY, "ended_at": None}


def test_an_attempt_that_runs_for_over_a_day_is_high_and_none_is_info() -> None:
    assert said("no_timeout", facts({"Charge": LAMBDA}, [STUCK, {}])) == [("high", 1)]
    assert said("no_timeout", facts({"Charge": LAMBDA}, [{**STUCK, "entered_at": NOW - DAY}])) == [("info", 0)]
    [hint] = hints("no_timeout", facts({"Charge": LAMBDA}, [STUCK, {}]))
    assert hint.sentence == "1 attempt of 2 have been running for more than a day."


def test_a_limit_of_the_task_or_of_the_machine_is_enough() -> None:
    assert said("no_timeout", facts({"Charge": {**LAMBDA, "TimeoutSeconds": 60}}, [STUCK])) == []
    assert said("no_timeout", facts({"Charge": LAMBDA}, [STUCK], TimeoutSeconds=60)) == []
