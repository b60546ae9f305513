from __future__ import annotations

from tests.analyzer.histories import History, answers, recorded
from tests.analyzer.test_critical_path import PARALLEL, TWO_AT_A_TIME


def variant(*states: str) -> str | None:
    history = History([{"id": 1, "previousEventId": 0, "type": "ExecutionStarted", "timestamp": 1}])
    for state in states:
        history = history.then(state)
    return answers(history.ended()).execution.variant


def test_states_follow_each_other() -> None:
    assert variant("A", "B", "C") == "A → B → C"


def test_a_loop_is_told_once_however_often_it_ran() -> None:
    assert variant(*"XPWPWPWY") == variant(*"XPWPWY") == "X → (P → W)+ → Y"


def test_a_loop_within_a_loop() -> None:
    assert variant(*"AABAABAAB") == "((A)+ → B)+"


def test_going_through_once_is_another_variant_than_going_through_again() -> None:
    assert variant(*"XPWY") == "X → P → W → Y"


def test_retries_make_no_variant() -> None:
    start = History([{"id": 1, "previousEventId": 0, "type": "ExecutionStarted", "timestamp": 1}])
    assert answers(start.then("A", fails=2).then("B").ended()).execution.variant == "A → B"


def test_branches_are_sorted_and_the_ways_of_iterations_told_once() -> None:
    assert answers(recorded(PARALLEL)).execution.variant == "Both{Quick | Slow} → Pause"
    assert answers(recorded(TWO_AT_A_TIME)).execution.variant == "Items[Item]"


def test_a_long_way_is_cut_and_stays_itself() -> None:
    states = [f"State number {n}" for n in range(100)]
    first, second = variant(*states, "A"), variant(*states, "B")
    assert first is not None
    assert second is not None
    assert first[:1_000] == second[:1_000]
    assert first != second


def test_an_execution_that_entered_no_state_has_no_variant() -> None:
    assert variant() is None
