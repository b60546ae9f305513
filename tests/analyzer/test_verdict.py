from __future__ import annotations

import pytest

from analyzer.verdict import root_visit
from tests.analyzer.histories import answers, history, recorded, run_of


def root(text: str) -> str | None:
    visit = root_visit(run_of(recorded(text)))
    return visit.name if visit else None


def test_a_failed_run_has_its_terminal_state_for_a_root() -> None:
    told = answers(history("Validate").then("Charge", fails=0).ended())
    assert (told.execution.root_state, told.execution.terminal_state) == (None, None)
    events = recorded("""
        1<-0 ExecutionStarted
        2<-0 TaskStateEntered Charge
        3<-2 TaskScheduled lambda:invoke
        4<-3 TaskFailed Broken
        5<-4 ExecutionFailed Broken
    """)
    told = answers(events)
    assert (told.execution.root_state, told.execution.terminal_state) == ("Charge", "Charge")
    assert told.shown("is_root is_terminal") == ["True True"]


def test_behind_a_fail_state_stands_the_nearest_failure_that_was_caught() -> None:
    fail = history("Stock", fails=1, caught=True).then("Charge", fails=2, caught=True)
    last = fail.last
    events = [
        *fail.events,
        *recorded(f"{last + 1}<-{last} FailStateEntered Refuse\n{last + 2}<-{last + 1} ExecutionFailed Refused"),
    ]
    told = answers(events)
    assert (told.execution.root_state, told.execution.terminal_state) == ("Charge", "Refuse")
    marked = [row["attempt"] for row in told.attempts if row["is_root"]]
    assert marked == [2], "the last attempt of the visit"


CAUGHT_INSIDE = """
    1<-0 ExecutionStarted
    2<-0 ParallelStateEntered Both
    3<-2 ParallelStateStarted
    4<-3 TaskStateEntered Charge
    5<-4 TaskScheduled lambda:invoke
    6<-5 TaskFailed Broken
    7<-6 ParallelStateFailed
    8<-7 ParallelStateExited Both
"""


def test_of_a_container_that_was_caught_the_root_is_the_innermost_state_that_failed() -> None:
    assert root(f"{CAUGHT_INSIDE}9<-8 FailStateEntered Refuse\n10<-9 ExecutionFailed Refused") == "Charge"
    assert root(f"{CAUGHT_INSIDE}9<-8 PassStateEntered Go\n10<-9 PassStateExited Go\n11<-10 ExecutionSucceeded") == (
        "Charge"
    )


def test_behind_a_fail_state_in_a_container_stands_what_was_caught_before_the_container() -> None:
    assert (
        root("""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Charge
            3<-2 TaskScheduled lambda:invoke
            4<-3 TaskFailed Broken
            5<-4 TaskStateExited Charge
            6<-5 ParallelStateEntered Notices
            7<-6 ParallelStateStarted
            8<-7 PassStateEntered Note
            9<-8 PassStateExited Note
            10<-9 FailStateEntered Refuse
            11<-10 ParallelStateFailed
            12<-11 ExecutionFailed Refused
        """)
        == "Charge"
    )


def test_behind_a_fail_state_stands_what_was_caught_inside_the_container_before_it() -> None:
    assert (
        root("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Both
            3<-2 ParallelStateStarted
            4<-3 TaskStateEntered Charge
            5<-4 TaskScheduled lambda:invoke
            6<-5 TaskFailed Broken
            7<-6 TaskStateExited Charge
            8<-7 ParallelStateSucceeded
            9<-7 ParallelStateExited Both
            10<-9 FailStateEntered Refuse
            11<-10 ExecutionFailed Refused
        """)
        == "Charge"
    )


def test_a_fail_state_with_nothing_caught_before_it_is_its_own_root() -> None:
    assert root("1<-0 ExecutionStarted\n2<-0 FailStateEntered Refuse\n3<-2 ExecutionFailed Refused") == "Refuse"


def test_a_fallback_that_fails_by_itself_is_its_own_root() -> None:
    assert (
        root("""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Charge
            3<-2 TaskScheduled lambda:invoke
            4<-3 TaskFailed Broken
            5<-4 TaskStateExited Charge
            6<-5 TaskStateEntered Alert
            7<-6 TaskScheduled sns:publish
            8<-7 TaskFailed Muted
            9<-8 ExecutionFailed Muted
        """)
        == "Alert"
    )


def test_a_masked_failure_has_the_first_failure_caught_for_a_root_and_no_terminal() -> None:
    told = answers(history("Stock", caught=True).then("Charge", caught=True).ended())
    execution = told.execution
    assert (execution.masked_failure, execution.caught) == (True, 2)
    assert (execution.root_state, execution.terminal_state) == ("Stock", None)


@pytest.mark.parametrize("end", ["Aborted", "TimedOut"])
def test_a_run_that_was_stopped_has_no_root(end: str) -> None:
    told = answers(history("Charge", caught=True).ended(end))
    assert (told.execution.root_state, told.execution.terminal_state) == (None, None)


def test_a_run_under_way_has_neither_root_nor_fate() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Charge
            3<-2 TaskScheduled lambda:invoke
            4<-3 TaskFailed Broken
        """)
    )
    assert told.shown("outcome handled handled_by is_root") == ["failed - - False"]


def test_a_failure_that_ended_an_earlier_run_was_not_caught() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Charge
            3<-2 TaskScheduled lambda:invoke
            4<-3 TaskFailed Broken
            5<-4 ExecutionFailed Broken
            6<-5 ExecutionRedriven
        """)
    )
    assert told.shown("outcome handled") == ["failed uncaught", "- -"]


def test_what_a_container_retried_or_caught_is_retried_or_caught_by_it_all_the_way_in() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Outer
            3<-2 ParallelStateStarted
            4<-3 ParallelStateEntered Inner
            5<-4 ParallelStateStarted
            6<-5 TaskStateEntered Charge
            7<-6 TaskScheduled lambda:invoke
            8<-7 TaskFailed Broken
            9<-8 TaskScheduled lambda:invoke
            10<-9 TaskFailed Broken
            11<-10 ParallelStateStarted
            12<-11 TaskStateEntered Charge
            13<-12 TaskScheduled lambda:invoke
            14<-13 TaskFailed Broken
            15<-14 ParallelStateFailed
            16<-15 ParallelStateFailed
            17<-16 ParallelStateExited Outer
            18<-17 ExecutionSucceeded
        """)
    )
    assert told.shown("event_id state attempt handled handled_by") == [
        "3 Outer 1 caught Outer",
        "5 Inner 1 retried Inner",
        "7 Charge 1 retried Charge",
        "9 Charge 2 retried Inner",
        "11 Inner 2 caught Outer",
        "13 Charge 1 caught Outer",
    ]
    assert told.execution.caught == 1
