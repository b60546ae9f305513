from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.evidence import ATTEMPT_COLUMNS
from dashboard.figures.lanes import lanes_of
from dashboard.figures.timeline import ATTEMPTS_DRAWN, LANES_DRAWN, drawn_part, timeline
from tests.dashboard.answered import HOSTILE

START = 1_790_812_800_000
NOW = START + 3_600_000
TEXTS = [column.name for column in ATTEMPT_COLUMNS if column.type == "string"]


def attempts(*rows: dict[str, Any]) -> pd.DataFrame:
    """Attempts of one execution; what a row does not say is that of a Task that succeeded in a second."""
    filled = [
        {
            "state": "Charge",
            "state_type": "Task",
            "event_id": number * 10,
            "attempt": 1,
            "redrive": 0,
            "outcome": "succeeded",
            "entered_at": START + number * 1_000,
            "ended_at": START + number * 1_000 + 1_000,
            **row,
        }
        for number, row in enumerate(rows)
    ]
    frame = pd.DataFrame(filled, columns=[column.name for column in ATTEMPT_COLUMNS])
    return frame.astype({name: "string" if name in TEXTS else "Int64" for name in frame if name != "cost_usd"})


def named(frame: pd.DataFrame) -> list[tuple[str, int]]:
    return [(lane.name, lane.depth) for lane in lanes_of(frame).lanes]


def segments(figure: go.Figure) -> dict[str, list[tuple[float, float]]]:
    """By words: where each stretch begins, and how long it is."""
    return {bar.name: list(zip(bar.base, bar.x, strict=True)) for bar in figure.data}


def test_a_state_that_is_visited_again_keeps_its_row() -> None:
    assert named(attempts({"state": "Wait"}, {"state": "Check"}, {"state": "Wait"})) == [("Wait", 0), ("Check", 0)]


def test_branches_stand_below_their_container_in_their_order() -> None:
    frame = attempts(
        {"state": "Fan", "state_type": "Parallel"},
        {"state": "B", "parent_id": 0, "branch": 1},
        {"state": "A", "parent_id": 0, "branch": 0},
        {"state": "End"},
    )
    assert named(frame) == [("Fan", 0), ("A", 1), ("B", 1), ("End", 0)]


def test_each_item_of_a_map_has_one_row() -> None:
    frame = attempts(
        {"state": "Pack", "state_type": "Map"},
        {"state": "Wrap", "parent_id": 0, "iteration": "10"},
        {"state": "Label", "parent_id": 0, "iteration": "2"},
        {"state": "Seal", "parent_id": 0, "iteration": "10"},
    )
    assert named(frame) == [("Pack", 0), ("item 2", 1), ("item 10", 1)]
    assert lanes_of(frame).position == {0: 0, 10: 2, 20: 1, 30: 2}


def test_a_container_in_an_item_has_its_own_rows() -> None:
    frame = attempts(
        {"state": "Pack", "state_type": "Map"},
        {"state": "Fan", "state_type": "Parallel", "parent_id": 0, "iteration": "0"},
        {"state": "A", "parent_id": 10, "branch": 0, "iteration": "0"},
        {"state": "Inner", "state_type": "Map", "parent_id": 0, "iteration": "0"},
        {"state": "B", "parent_id": 30, "iteration": "0/4"},
    )
    assert named(frame) == [("Pack", 0), ("item 0", 1), ("A", 2), ("item 4", 2)]


def test_children_of_a_retried_container_share_its_rows() -> None:
    frame = attempts(
        {"state": "Fan", "state_type": "Parallel", "outcome": "failed", "handled": "retried"},
        {"state": "A", "parent_id": 0, "branch": 0},
        {"state": "Fan", "state_type": "Parallel", "attempt": 2},
        {"state": "A", "parent_id": 20, "branch": 0},
    )
    assert named(frame) == [("Fan", 0), ("A", 1)]


def test_queue_backoff_and_run_are_apart() -> None:
    frame = attempts(
        {
            "scheduled_at": START,
            "started_at": START + 1_000,
            "queue_ms": 1_000,
            "ended_at": START + 3_000,
            "outcome": "failed",
            "handled": "retried",
            "error": "Busy",
        },
        {
            "entered_at": START,
            "attempt": 2,
            "scheduled_at": START + 7_000,
            "started_at": START + 7_500,
            "queue_ms": 500,
            "backoff_ms": 4_000,
            "ended_at": START + 9_000,
        },
    )
    drawn = segments(timeline(frame, NOW))
    assert drawn["in the queue"] == [(0, 1), (7, 0.5)]
    assert drawn["backoff, waiting to retry"] == [(3, 4)]
    assert drawn["failed, then retried or caught"] == [(1, 2)]
    assert drawn["ran and succeeded"] == [(7.5, 1.5)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"outcome": "failed", "handled": "uncaught"}, "failed"),
        ({"outcome": "timed_out", "handled": "uncaught"}, "timed out"),
        ({"outcome": "timed_out", "handled": "caught"}, "failed, then retried or caught"),
        ({"outcome": "aborted"}, "aborted"),
        ({"outcome": "running", "ended_at": None}, "still running"),
    ],
)
def test_each_ending_has_its_look(row: dict[str, Any], words: str) -> None:
    assert list(segments(timeline(attempts(row), NOW))) == [words]


def test_what_still_runs_reaches_until_now() -> None:
    [(begin, length)] = segments(
        timeline(attempts({"outcome": "running", "ended_at": None}), START + 60_000)
    ).popitem()[1]
    assert (begin, length) == (0, 60)


def test_what_is_nested_is_indented() -> None:
    frame = attempts({"state": "Fan", "state_type": "Parallel"}, {"state": "A", "parent_id": 0, "branch": 0})
    fan, inner = timeline(frame, NOW).layout.annotations
    assert (fan.text, inner.text) == ("Fan", "A")
    assert inner.xshift > fan.xshift


def test_what_is_short_is_seen_and_its_length_is_told() -> None:
    figure = timeline(attempts({"ended_at": START + 100_000}, {"state": "Quick", "ended_at": START + 1_001}), NOW)
    [bar] = figure.data
    assert bar.x[1] > 0.1
    assert "1 ms" in bar.customdata[1]


def test_idle_time_before_a_redrive_is_cut_out() -> None:
    frame = attempts(
        {"outcome": "failed", "handled": "uncaught", "ended_at": START + 1_000},
        {"state": "(redrive)", "state_type": "", "redrive": 1, "entered_at": START + 86_401_000, "ended_at": None},
        {"redrive": 1, "entered_at": START + 86_401_000, "ended_at": START + 86_403_000},
    )
    figure = timeline(frame, NOW)
    assert segments(figure)["ran and succeeded"] == [(1, 2)]
    [line] = figure.layout.shapes
    assert line.x0 == 1
    assert "redriven after 1 d" in [annotation.text for annotation in figure.layout.annotations]


def test_long_executions_are_told_in_longer_units() -> None:
    assert "hours since 2026-10-01" in timeline(attempts({"ended_at": START + 86_400_000}), NOW).layout.xaxis.title.text


def test_sixty_states_and_five_hundred_attempts_are_all_drawn() -> None:
    frame = attempts(*({"state": f"State {number % 60}"} for number in range(500)))
    assert len(drawn_part(frame)) == 500
    figure = timeline(frame, NOW)
    assert len(figure.layout.annotations) == 60
    assert figure.layout.height < 2_000


def test_more_than_that_is_cut_to_the_first() -> None:
    assert len(drawn_part(attempts(*({"state": "Poll"} for _ in range(ATTEMPTS_DRAWN + 100))))) == ATTEMPTS_DRAWN
    wide = attempts(*({"state": f"State {number}"} for number in range(LANES_DRAWN + 50)))
    assert len(drawn_part(wide)) == LANES_DRAWN


def test_no_attempts_are_a_figure_too() -> None:
    assert timeline(attempts(), NOW).layout.height > 0
    only_redriven = attempts({"state": "(redrive)", "state_type": "", "redrive": 1, "ended_at": None})
    assert len(timeline(only_redriven, NOW).data) == 0


def test_names_are_text() -> None:
    drawn = timeline(attempts({"state": HOSTILE, "error": HOSTILE, "outcome": "failed"}), NOW).to_json()
    assert "\\u003cb\\u003ex" not in drawn
    assert HOSTILE not in drawn


def test_a_child_whose_container_is_not_known_stands_at_the_top() -> None:
    assert named(attempts({"state": "A", "parent_id": 999})) == [("A", 0)]
