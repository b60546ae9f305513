from __future__ import annotations

from typing import Any

from commands.nesting import EVENTFUL, FIRST, LAST, Node, nested, shortened

PLAIN: dict[str, Any] = {
    "state_type": "Task",
    "resource": None,
    "target": None,
    "parent_id": None,
    "branch": None,
    "iteration": None,
    "visit": 1,
    "attempt": 1,
    "redrive": 0,
    "outcome": "succeeded",
    "backoff_ms": None,
}


def row(event_id: int, state: str, **more: Any) -> dict[str, Any]:
    return PLAIN | {"event_id": event_id, "visit_id": event_id, "state": state} | more


def outline(nodes: tuple[Node, ...], depth: int = 0) -> list[str]:
    return [line for node in nodes for line in ("  " * depth + node.title, *outline(node.within, depth + 1))]


def test_visits_follow_their_events() -> None:
    assert outline(nested([row(9, "B"), row(2, "A")])) == ["A", "B"]


def test_nothing_is_nothing() -> None:
    assert nested([]) == ()
    assert shortened(()) == ()


def test_tries_lie_in_their_visit() -> None:
    rows = [row(2, "A"), row(5, "A", visit_id=2, attempt=2, backoff_ms=1_500), row(7, "A", visit_id=2, attempt=3)]
    assert outline(nested(rows)) == ["A", "  attempt 1", "  retry 1 after 1.50 s", "  retry 2"]


def test_a_loop_numbers_its_visits() -> None:
    rows = [row(2, "A"), row(4, "B", visit=1), row(6, "B", visit=2)]
    assert outline(nested(rows)) == ["A", "B, visit 1", "B, visit 2"]


def test_branches_lie_in_their_parallel_by_number() -> None:
    rows = [
        row(2, "P", state_type="Parallel"),
        row(5, "Late", parent_id=2, branch=1),
        row(7, "Early", parent_id=2, branch=0),
        row(9, "Then", parent_id=2, branch=1),
        row(20, "After"),
    ]
    assert outline(nested(rows)) == ["P", "  branch 0", "    Early", "  branch 1", "    Late", "    Then", "After"]


def test_iterations_lie_in_their_map_and_maps_in_iterations() -> None:
    rows = [
        row(2, "Outer", state_type="Map"),
        row(4, "Inner", state_type="Map", parent_id=2, iteration="10"),
        row(6, "Item", parent_id=4, iteration="10/2"),
        row(8, "Item", parent_id=4, iteration="10/0", visit=2),
        row(9, "Inner", state_type="Map", parent_id=2, iteration="9", visit=2),
    ]
    assert outline(nested(rows)) == [
        "Outer",
        "  iteration 9",
        "    Inner",
        "  iteration 10",
        "    Inner",
        "      iteration 10/0",
        "        Item",
        "      iteration 10/2",
        "        Item",
    ]


def test_each_try_of_a_container_has_its_own_parts() -> None:
    rows = [
        row(3, "P", visit_id=2, state_type="Parallel", outcome="failed"),
        row(4, "A", parent_id=3, branch=0, outcome="failed"),
        row(9, "P", visit_id=2, state_type="Parallel", attempt=2),
        row(10, "A", parent_id=9, branch=0, visit=2),
    ]
    assert outline(nested(rows)) == [
        "P", "  attempt 1", "    branch 0", "      A", "  retry 1", "    branch 0", "      A",
    ]  # fmt: skip


def test_a_redrive_has_its_line_and_marks_what_came_after() -> None:
    rows = [
        row(2, "A", outcome="failed"),
        row(5, "(redrive)", visit_id=None, attempt=None, visit=None, redrive=1),
        row(6, "A", redrive=1, visit=2),
    ]
    assert outline(nested(rows)) == ["A, visit 1", "redrive 1", "A, visit 2, redrive 1"]


def test_what_lies_in_nothing_known_stands_at_the_top() -> None:
    assert outline(nested([row(50, "A", parent_id=7, iteration="3")])) == ["A"]


def test_a_short_row_is_left_alone() -> None:
    nodes = nested([row(number, f"S{number}") for number in range(FIRST + LAST)])
    assert shortened(nodes) == nodes


def test_of_a_long_row_the_ends_and_what_failed_are_kept() -> None:
    rows = [row(number, f"S{number}", outcome="failed" if number == 500 else "succeeded") for number in range(1_000)]
    short = outline(shortened(nested(rows)))
    assert short[:FIRST] == [f"S{number}" for number in range(FIRST)]
    assert short[FIRST].startswith("… 490 more, all succeeded at the first try")
    assert short[FIRST + 1] == "S500"
    assert short[-LAST:] == ["S997", "S998", "S999"]


def test_not_every_failure_of_a_long_row_is_shown_and_the_note_counts_the_rest() -> None:
    short = outline(shortened(nested([row(number, f"S{number}", outcome="failed") for number in range(1_000)])))
    assert len(short) == EVENTFUL + LAST + 1
    assert (
        short[EVENTFUL]
        == f"… {1_000 - EVENTFUL - LAST:,} more, {1_000 - EVENTFUL - LAST:,} of them with failures; --all shows them"
    )


def test_a_long_row_within_a_part_is_shortened_too() -> None:
    rows = [row(1, "P", state_type="Parallel")]
    rows += [row(number, f"S{number}", parent_id=1, branch=0) for number in range(2, 102)]
    assert len(outline(shortened(nested(rows)))) == 2 + FIRST + 1 + LAST
