from __future__ import annotations

from typing import Any

from analyzer.comparison import Divergence, compared_states, divergence
from tests.analyzer.histories import History, answers, recorded
from tests.analyzer.test_critical_path import TWO_AT_A_TIME

START = History([{"id": 1, "previousEventId": 0, "type": "ExecutionStarted", "timestamp": 1_790_812_800}])


def went(*states: str, fails: int = 0) -> list[dict[str, Any]]:
    history = START
    for state in states:
        history = history.then(state, fails=fails)
    return answers(history.ended()).attempts


def test_the_same_way_does_not_part() -> None:
    assert divergence(went("A", "B"), went("A", "B", fails=2)) is None


def test_the_first_state_in_which_they_differ() -> None:
    assert divergence(went("A", "B", "D"), went("A", "C", "D")) == Divergence("", "A", "B", "C")
    assert divergence(went("A"), went("A", "C")) == Divergence("", "A", None, "C")
    assert divergence(went("B"), went("C")) == Divergence("", None, "B", "C")


def test_a_way_inside_a_container() -> None:
    first = answers(recorded(TWO_AT_A_TIME)).attempts
    second = [row for row in first if row["iteration"] != "2"]
    assert divergence(first, second) == Divergence("Items", None, "Item", None)


def test_states_by_how_much_longer_they_took() -> None:
    first, second = went("A", "B"), went("A", "B", fails=1)
    rows = compared_states(first, [row for row in second if row["state"] == "B"]).to_dict("records")
    # One try takes 100 ms in the queue and 100 at work; a retry as much, and 100 of backoff.
    assert [(row["state"], row["difference_ms"]) for row in rows] == [("B", 300), ("A", -200)]
    assert (rows[0]["first_attempts"], rows[0]["second_attempts"]) == (1, 2)


def test_what_is_called_otherwise() -> None:
    first = went("A")
    second = [row | {"target": "charge-2"} for row in first]
    [row] = compared_states([row | {"target": "charge"} for row in first], second).to_dict("records")
    assert str(row["first_integration"]).endswith("charge")
    assert str(row["second_integration"]).endswith("charge-2")
