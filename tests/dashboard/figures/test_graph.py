from __future__ import annotations

from dashboard.figures.graph import Node, Way, dot, joined
from dashboard.theme import ORANGE, RED


def drawn(nodes: list[Node], ways: list[Way]) -> str:
    return dot(nodes, ways, RED, is_dark=False)


def test_a_container_is_a_box_around_what_it_holds() -> None:
    lines = drawn([Node("", "Items"), Node("Items", "Save"), Node("", "Done")], []).split("\n")
    box = lines.index('subgraph "cluster Items" {')
    assert lines[box + 2].startswith('"/Items"')
    assert lines[box + 3].startswith('"Items/Save"')
    assert lines[box + 4] == "}"
    assert lines[box + 5].startswith('"/Done"')


def test_what_a_container_begins_with_is_entered_from_it() -> None:
    nodes = [Node("", "A/B"), Node(joined("", "A/B"), "Save")]
    assert '"/A%2FB" -> "A%2FB/Save"' in drawn(nodes, [Way("A%2FB", "", "Save", "start", 3)])


def test_where_the_execution_begins_and_ends_there_is_no_line() -> None:
    ways = [Way("", "", "A", "start", 3), Way("", "A", "", "end", 3)]
    assert "->" not in drawn([Node("", "A")], ways)


def test_the_strongest_colour_is_that_of_the_greatest_amount_and_none_is_that_of_nothing() -> None:
    nodes = [Node("", "most", weight=1.0), Node("", "none", weight=0.0), Node("", "never")]
    most, none, never = (line for line in drawn(nodes, []).split("\n") if line.startswith('"/'))
    assert f'fillcolor="{RED}d0"' in most
    assert "fillcolor" not in none
    assert "dashed" in never


def test_traffic_widens_a_line_and_a_way_never_taken_is_dashed() -> None:
    nodes = [Node("", name) for name in "ABC"]
    ways = [Way("", "A", "B", "next", 1_000), Way("", "B", "C", "next", 1), Way("", "A", "C", "catch", 0)]
    wide, thin, never = (line for line in drawn(nodes, ways).split("\n") if "->" in line)
    assert 'penwidth="5.0"' in wide
    assert 'penwidth="0.8"' in thin
    assert "dashed" in never
    assert ORANGE in never


def test_names_of_strangers_stay_text() -> None:
    hostile = 'a" URL="javascript:1" \\N <b>&amp;\x07\n'
    [line] = [line for line in drawn([Node("", hostile, hover=hostile)], []).split("\n") if line.startswith('"/')]
    assert '\\" URL=\\"javascript:1\\" \\\\N <b>&amp;amp;' in line
    assert "\x07" not in line
    assert line.count(' URL="') == 0
