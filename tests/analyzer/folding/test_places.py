from __future__ import annotations

from analyzer.folding.places import LONGEST_PATH, nested
from tests.analyzer.histories import answers, recorded
from tests.analyzer.simulator import Body, Definition
from tests.analyzer.simulator.program import Container, Leaf

BRANCHES = """
    1<-0 ExecutionStarted
    2<-0 ParallelStateEntered Both
    3<-2 ParallelStateStarted
    4<-3 PassStateEntered Ship
    5<-3 PassStateEntered Charge
    6<-4 PassStateExited Ship
    7<-6 PassStateEntered Label
    8<-5 PassStateExited Charge
"""

BOTH = Container("Parallel", (Body((Leaf("Pass", "Charge"),)), Body((Leaf("Pass", "Ship"),))), name="Both")


def test_branches_are_numbered_in_the_order_of_first_entry() -> None:
    assert answers(recorded(BRANCHES)).shown("state branch") == ["Both -", "Ship 0", "Charge 1", "Label 0"]


def test_a_definition_numbers_branches_as_it_lists_them() -> None:
    told = answers(recorded(BRANCHES), Definition(Body((BOTH,))))
    assert told.shown("state branch") == ["Both -", "Ship 1", "Charge 0", "Label 1"]


def test_branches_are_counted_anew_in_each_try() -> None:
    told = answers(
        recorded(f"""{BRANCHES}
            9<-8 FailStateEntered Refuse
            10<-9 ParallelStateStarted
            11<-10 PassStateEntered Charge
            12<-10 PassStateEntered Ship
        """)
    )
    assert told.shown("state parent_id branch")[-2:] == ["Charge 10 0", "Ship 10 1"]


def test_branch_and_iteration_of_an_outer_container_are_those_of_what_is_inside() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Orders
            3<-2 MapStateStarted
            4<-3 MapIterationStarted Orders 3
            5<-4 ParallelStateEntered Both
            6<-5 ParallelStateStarted
            7<-6 PassStateEntered Note
            8<-6 MapStateEntered Lines
            9<-8 MapStateStarted
            10<-9 MapIterationStarted Lines 0
            11<-10 PassStateEntered Add
        """)
    )
    assert told.shown("state branch iteration path") == [
        "Orders - - -",
        "Both - 3 Orders",
        "Note 0 3 Orders/Both",
        "Lines 1 3 Orders/Both",
        "Add 1 3/0 Orders/Both/Lines",
    ]


def test_a_slash_in_a_name_is_no_step_of_a_path() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered A/B
            3<-2 ParallelStateStarted
            4<-3 PassStateEntered C
        """)
    )
    assert told.shown("state path") == ["A/B -", "C A%2FB"]


def test_an_iteration_that_points_nowhere_belongs_to_the_last_map_of_its_name() -> None:
    told = answers(
        recorded("""
            2<-0 MapStateEntered Items
            3<-2 MapStateStarted
            9<-8 MapIterationStarted Items 4
            10<-9 PassStateEntered Item
        """)
    )
    assert told.shown("state iteration parent_id") == ["Items - -", "Item 4 3"]
    assert told.execution.completeness == "gap"


def test_a_state_that_points_nowhere_stands_at_the_top() -> None:
    told = answers(recorded("1<-0 ExecutionStarted\n9<-8 PassStateEntered Lost"))
    assert told.shown("state parent_id after_id path") == ["Lost - - -"]


def test_a_path_grows_to_a_length_that_no_machine_has_and_no_further() -> None:
    path = nested(None, "상태")
    for _ in range(3 * LONGEST_PATH):
        path = nested(path, "상태")
    assert path.startswith("상태/상태/")
    assert LONGEST_PATH <= len(path) < LONGEST_PATH + 10
