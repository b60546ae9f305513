from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.drawn_states import MEASURES, picture, picture_of_one, ways_taken
from dashboard.figures.graph import Way
from dashboard.filters import Filters

WAY: dict[str, Any] = {"path": None, "kind": "next", "probability": 1.0, "is_defined": True}
WAYS = pd.DataFrame(
    [
        {**WAY, "source": None, "target": "Check", "kind": "start", "traversals": 10, "probability": None},
        {**WAY, "source": "Check", "target": "Pay", "traversals": 8, "probability": 0.8},
        {**WAY, "source": "Check", "target": "Refuse", "traversals": 0, "probability": 0.0},
        {
            **WAY,
            "source": "Check",
            "target": "Odd",
            "kind": None,
            "traversals": 2,
            "probability": 0.2,
            "is_defined": False,
        },
        {**WAY, "source": "Pay", "target": None, "kind": "end", "traversals": 8, "is_defined": None},
    ]
)
FAILURES = pd.DataFrame({"state": ["Pay", "Pay", "Check"], "failures": [3, 1, 2]})


def test_states_are_coloured_against_the_worst_and_say_their_figure() -> None:
    nodes = {
        node.state: node for node in picture(WAYS, FAILURES, MEASURES["failures"], lambda state: f"to/{state}").nodes
    }
    assert {name: node.weight for name, node in nodes.items()} == {"Check": 0.5, "Pay": 1.0, "Refuse": None, "Odd": 0.0}
    assert nodes["Pay"].below == "4 failed"
    assert nodes["Odd"].below == "2 visits"
    assert nodes["Refuse"].below == "never entered"
    assert nodes["Pay"].url == "to/Pay"


def test_only_where_there_is_a_choice_is_its_share_written() -> None:
    ways = {way.target: way for way in picture(WAYS, FAILURES, MEASURES["failures"], str).ways}
    assert {name: way.beside for name, way in ways.items()} == {"Check": "", "Pay": "80 %", "Refuse": "", "Odd": "20 %"}
    assert ways["Odd"].kind == ""


def test_the_sentence_tells_what_was_never_taken_and_what_is_not_defined() -> None:
    told = ways_taken(WAYS, "orders", Filters())
    assert "took **2 ways**" in told
    assert "**1 way** of its newest definition was never taken, and 1 way that it does not have was" in told


def test_a_machine_that_ran_nothing_says_so() -> None:
    assert "entered no state" in ways_taken(WAYS.iloc[:0], "orders", Filters())


def test_one_execution_shows_what_became_of_each_state() -> None:
    tries = pd.DataFrame(
        [
            {
                "event_id": 3,
                "visit_id": 2,
                "after_id": None,
                "state": "A",
                "attempt": 1,
                "outcome": "failed",
                "error": "E",
            },
            {"event_id": 5, "visit_id": 2, "after_id": None, "state": "A", "attempt": 2, "outcome": "succeeded"},
            {
                "event_id": 9,
                "visit_id": 8,
                "after_id": 2,
                "state": "B",
                "attempt": 1,
                "outcome": "failed",
                "error": "F",
            },
            {"event_id": 12, "visit_id": 12, "after_id": 8, "state": "(redrive)", "attempt": None, "outcome": None},
        ]
    ).assign(path=None)
    drawn = picture_of_one(tries)
    assert [(node.state, node.below) for node in drawn.nodes] == [("A", "1 visit, 2 attempts"), ("B", "failed")]
    assert drawn.nodes[1].weight == 1.0
    assert drawn.ways == [Way("", "", "A", "next", 1), Way("", "A", "B", "next", 1)]
