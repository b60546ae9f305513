"""Loops, and parts with one way in and one way out."""

from __future__ import annotations

from itertools import combinations

from hypothesis import assume, given
from hypothesis import strategies as st

from analyzer.definition import parse_definition
from analyzer.flow import END, Scope, Segment, scopes


def scope(start: str = "A", **following: str) -> Scope:
    """A scope of states with names of one letter; `.` stands for the end."""
    return Scope(start, {name: frozenset(END if f == "." else f for f in then) for name, then in following.items()})


@st.composite
def small_scopes(draw: st.DrawFn) -> Scope:
    names = "ABCDEF"[: draw(st.integers(1, 6))]
    following = {name: draw(st.sets(st.sampled_from([*names, END]), max_size=3)) for name in names}
    return Scope("A", {name: frozenset(then) for name, then in following.items()})


def by_trying_all(looked_at: Scope) -> set[Segment]:
    """Every set of states that has one way in and one way out, found by looking at every set."""
    reached, found = sorted(looked_at.reached), set()
    for size in range(1, len(reached) + 1):
        for chosen in map(frozenset, combinations(reached, size)):
            outside = looked_at.reached - chosen
            entries = {later for here in outside for later in looked_at.following[here] if later in chosen}
            entries |= {looked_at.start} & chosen
            exits = {later for here in chosen for later in looked_at.following[here] if later not in chosen}
            if len(entries) == len(exits) == 1:
                [entry], [leave] = entries, exits
                if looked_at.reached_from(entry, without=leave) == chosen:
                    found.add(Segment(entry, leave, chosen))
    return found


@given(small_scopes())
def test_segments_are_all_sets_with_one_way_in_and_one_way_out(looked_at: Scope) -> None:
    can_end = [any(END in looked_at.following[s] for s in looked_at.reached_from(here)) for here in looked_at.reached]
    assume(all(can_end))
    assert set(looked_at.segments()) == by_trying_all(looked_at)


@given(small_scopes())
def test_states_are_in_one_loop_when_each_can_be_come_to_from_the_other(looked_at: Scope) -> None:
    loops = looked_at.loops()
    together = {(one, other) for loop in loops for one in loop for other in loop}
    for one in looked_at.reached:
        after = {later for here in looked_at.following[one] - {END} for later in looked_at.reached_from(here)}
        for other in looked_at.reached:
            back = {later for here in looked_at.following[other] - {END} for later in looked_at.reached_from(here)}
            assert ((one, other) in together) == (other in after and one in back)


def test_a_chain_has_a_segment_for_each_stretch_of_it() -> None:
    found = {(s.entry, s.exit) for s in scope(A="B", B="C", C=".").segments()}
    assert found == {("A", "B"), ("A", "C"), ("A", END), ("B", "C"), ("B", END), ("C", END)}


def test_a_choice_and_what_it_leads_to_are_one_segment() -> None:
    found = list(scope(A="B", B="CD", C="E", D="E", E=".").segments())
    assert Segment("B", "E", frozenset("BCD")) in found
    assert not [segment for segment in found if segment.states == frozenset("BC")]


def test_a_polling_loop_is_found_and_a_chain_has_none() -> None:
    assert scope(A="W", W="G", G="C", C="WS", S=".").loops() == [frozenset("WGC")]
    assert scope(A="A.").loops() == [frozenset("A")]
    assert scope(A="B", B=".").loops() == []


def test_scopes_are_the_machine_its_branches_and_the_bodies_of_its_maps() -> None:
    body = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Next": "J"}, "J": {"Type": "Succeed"}}}
    branch = {"StartAt": "B", "States": {"B": {"Type": "Pass", "End": True}}}
    machine = {
        "StartAt": "M",
        "States": {
            "M": {"Type": "Map", "ItemProcessor": body, "Next": "P", "Catch": [{"ErrorEquals": ["E"], "Next": "F"}]},
            "P": {"Type": "Parallel", "Branches": [branch], "End": True},
            "F": {"Type": "Fail"},
        },
    }
    found = scopes(parse_definition(machine))
    assert [(scope.start, scope.path, scope.branch) for scope in found] == [
        ("M", (), None),
        ("I", ("M",), None),
        ("B", ("P",), 0),
    ]
    assert found[0].following == {"M": {"P", "F"}, "P": {END}, "F": {END}}
