from __future__ import annotations

import pytest

from tests.analyzer.histories import answers, recorded
from tests.analyzer.simulator import Body, Definition
from tests.analyzer.simulator.program import Leaf


@pytest.mark.parametrize("state_type", ["Pass", "Choice", "Wait", "Succeed"])
def test_a_state_without_work_is_one_attempt_from_its_entry_to_its_exit(state_type: str) -> None:
    told = answers(
        recorded(f"""
            1<-0 ExecutionStarted
            2<-0 {state_type}StateEntered 주문 검증 @200
            3<-2 {state_type}StateExited 주문 검증 @1700
            4<-3 ExecutionSucceeded
        """)
    )
    assert told.shown("event_id visit_id state_type attempt outcome queue_ms run_ms transitions") == [
        f"2 2 {state_type} 1 succeeded - 1500 1"
    ]


def test_a_state_counts_its_visits_over_the_execution() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Items
            3<-2 MapStateStarted
            4<-3 MapIterationStarted Items 0
            5<-3 MapIterationStarted Items 1
            6<-5 PassStateEntered Item
            7<-4 PassStateEntered Item
            8<-6 PassStateExited Item
        """)
    )
    assert told.shown("state iteration visit outcome") == [
        "Items - 1 running",
        "Item 1 1 succeeded",
        "Item 0 2 running",
    ]


def test_the_error_of_a_fail_state_in_a_container_stands_in_no_event() -> None:
    events = recorded("""
        1<-0 ExecutionStarted
        2<-0 ParallelStateEntered Both
        3<-2 ParallelStateStarted
        4<-3 FailStateEntered Refuse
        5<-4 ParallelStateFailed
        6<-5 ExecutionFailed Refused
    """)
    assert answers(events).shown("state error handled") == ["Both - uncaught", "Refuse - uncaught"]
    definition = Definition(Body((Leaf("Fail", "Refuse", error="Refused"),)))
    assert answers(events, definition).shown("state error") == ["Both Refused", "Refuse Refused"]


def test_a_fail_state_at_the_top_has_the_error_of_the_execution() -> None:
    told = answers(recorded("1<-0 ExecutionStarted\n2<-0 FailStateEntered Refuse\n3<-2 ExecutionFailed Refused"))
    assert told.shown("state error") == ["Refuse Refused"]


def test_a_container_left_after_a_failure_inside_it_was_caught() -> None:
    """As with *StateFailed in between, when a dump lacks it."""
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Both
            3<-2 ParallelStateStarted
            4<-3 TaskStateEntered Charge
            5<-4 TaskFailed Broken
            7<-5 ParallelStateExited Both
        """)
    )
    assert told.shown("state outcome error handled handled_by") == [
        "Both failed Broken caught Both",
        "Charge failed Broken caught Both",
    ]


def test_an_exit_of_a_state_that_was_never_entered_changes_nothing() -> None:
    told = answers(recorded("1<-0 ExecutionStarted\n5<-4 PassStateExited Lost\n6<-5 PassStateEntered Next"))
    assert told.shown("state outcome after_id") == ["Next running -"]


def test_an_exit_that_points_nowhere_leaves_the_last_visit_of_its_name() -> None:
    told = answers(recorded("1<-0 ExecutionStarted\n2<-0 PassStateEntered A\n5<-4 PassStateExited A"))
    assert told.shown("state outcome ended_at") == ["A succeeded 1790812800500"]


def test_another_exit_does_not_fail_a_state_that_is_not_around_what_failed() -> None:
    """From a crafted history: a state blamed on what is not inside it could be blamed in a circle."""
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Both
            3<-2 ParallelStateStarted
            4<-3 TaskStateEntered Charge
            5<-2 EvaluationFailed Both at #2
            6<-5 TaskStateExited Charge
            7<-6 ParallelStateFailed
            8<-7 ExecutionFailed Broken
        """)
    )
    assert told.execution.status == "FAILED"
