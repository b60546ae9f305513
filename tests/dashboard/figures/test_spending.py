"""What the money went into, as pictures."""

from __future__ import annotations

import pytest

from dashboard.figures.spending import spending, spending_tree
from dashboard.theme import NEUTRAL, ORANGE, RED
from tests.analyzer.rows import TRANSITION_USD
from tests.dashboard.answered import HOSTILE, answered, nothing


def test_each_step_of_the_waterfall_begins_where_the_one_before_ended() -> None:
    steps = spending(answered("cost_by_purpose")).data
    assert [step.name for step in steps] == [
        "work",
        "overhead",
        "retries",
        "redrives",
        "failures",
        "lost work",
        "in all",
    ]
    ends = [step.base[0] + step.y[0] for step in steps]
    assert [step.base[0] for step in steps[1:-1]] == pytest.approx(ends[:-2])
    assert steps[-1].y[0] == pytest.approx(ends[-2]) == pytest.approx(7 * TRANSITION_USD)


def test_the_tree_adds_up_and_colours_what_failed() -> None:
    [tree] = spending_tree(answered("cost_by_state")).data
    within = dict(zip(tree.ids, tree.parents, strict=True))
    values = dict(zip(tree.ids, tree.values, strict=True))
    for machine in (name for name in within if name.startswith("m")):
        inside = [values[name] for name, parent in within.items() if parent == machine]
        assert sum(inside) == pytest.approx(values[machine])
    colours = dict(zip(tree.labels, tree.marker.colors, strict=True))
    assert colours["Charge"] == RED
    assert colours["Wait"] == NEUTRAL
    assert ORANGE not in colours.values()


def test_states_beyond_the_first_are_one_tile() -> None:
    [tree] = spending_tree(answered("cost_by_state"), rows=1).data
    assert tree.labels[-1] == "all other states"
    assert sum(v for v, within in zip(tree.values, tree.parents, strict=True) if not within) == pytest.approx(
        7 * TRANSITION_USD
    )


def test_names_in_the_tree_are_text_and_a_tree_of_nothing_is_a_figure() -> None:
    drawn = spending_tree(answered("cost_by_state")).to_json()
    assert HOSTILE not in drawn
    assert "\\u003cb\\u003ex" not in drawn
    assert spending_tree(nothing("cost_by_state")).layout.height > 0
