from __future__ import annotations

import pytest

from analyzer.attempt_rows import attempts_of
from store.executions import MapRunRow
from store.schema import ATTEMPTS
from tests.analyzer.histories import Event, answers, history, recorded, run_of


def distributed(*runs: str, end: str = "ExecutionSucceeded") -> list[Event]:
    """An execution of one Distributed Map after another, each with this Map Run."""
    lines = ["1<-0 ExecutionStarted"]
    last = 0
    for arn in runs:
        first = len(lines) + 1
        lines += [
            f"{first}<-{last} MapStateEntered Files",
            f"{first + 1}<-{first} MapStateStarted",
            f"{first + 2}<-{first + 1} MapRunStarted {arn}",
            f"{first + 3}<-{first + 2} MapRunSucceeded",
            f"{first + 4}<-{first + 3} MapStateSucceeded",
            f"{first + 5}<-{first + 2} MapStateExited Files",
        ]
        last = first + 5
    return recorded("\n".join([*lines, f"{len(lines) + 1}<-{last} {end}"]))


def map_run(arn: str, children: int | None, failed: int | None = 0) -> MapRunRow:
    return MapRunRow(arn, 1, "SUCCEEDED", 1, 2, children, children, failed)


def test_a_map_run_bills_each_child_it_started() -> None:
    told = answers(distributed("arn:a", "arn:b"), map_runs=[map_run("arn:a", 7), map_run("arn:b", 0)])
    assert told.shown("state transitions") == ["Files 8", "Files 1"]
    execution = told.execution
    assert (execution.transitions, execution.attempts, execution.completeness) == (9, 2, "complete")
    assert (execution.tolerated_items, execution.masked_failure, execution.root_state) == (0, False, None)


@pytest.mark.parametrize("known", [[], [map_run("arn:a", None, None)], [map_run("arn:other", 7)]])
def test_children_that_are_not_known_make_the_sum_a_lower_bound(known: list[MapRunRow]) -> None:
    execution = answers(distributed("arn:a"), map_runs=known).execution
    assert (execution.transitions, execution.completeness, execution.tolerated_items) == (1, "children_unknown", None)


def test_items_that_were_tolerated_mask_a_failure_whose_root_is_the_map() -> None:
    told = answers(distributed("arn:a"), map_runs=[map_run("arn:a", 7, failed=2)])
    execution = told.execution
    assert (execution.tolerated_items, execution.masked_failure, execution.root_state) == (2, True, "Files")
    assert told.shown("outcome is_root") == ["succeeded True"]


def test_of_two_maps_the_root_is_the_one_that_tolerated_something() -> None:
    told = answers(distributed("arn:a", "arn:b"), map_runs=[map_run("arn:a", 7), map_run("arn:b", 3, failed=1)])
    assert told.shown("event_id is_root") == ["3 False", "9 True"]
    assert told.execution.tolerated_items == 1


def test_a_map_that_succeeded_after_a_redrive_tolerated_what_failed_in_it() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Files
            3<-2 MapStateStarted
            4<-3 MapRunStarted arn:a
            5<-4 MapRunFailed States.ExceedToleratedFailureThreshold
            6<-5 MapStateFailed
            7<-6 ExecutionFailed States.ExceedToleratedFailureThreshold
            8<-7 ExecutionRedriven
            9<-3 MapRunRedriven arn:a
            10<-9 MapRunSucceeded
            11<-10 MapStateSucceeded
            12<-9 MapStateExited Files
            13<-12 ExecutionSucceeded
        """),
        map_runs=[map_run("arn:a", 7, failed=1)],
    )
    execution = told.execution
    assert (execution.tolerated_items, execution.masked_failure, execution.root_state) == (1, True, "Files")
    assert execution.transitions == 1 + 7 + 1


def test_express_attempts_are_billed_no_transitions() -> None:
    told = answers(distributed("arn:a"), map_runs=[map_run("arn:a", 7)], is_billed_by_transition=False)
    assert told.shown("state transitions") == ["Files 0"]
    assert told.execution.transitions == 0


def test_the_key_of_an_attempt_is_what_opened_it() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Both
            3<-2 ParallelStateStarted
            4<-3 TaskStateEntered Charge
            5<-4 LambdaFunctionScheduleFailed Broken
            6<-5 LambdaFunctionScheduleFailed Broken
            7<-6 LambdaFunctionScheduled arn
            8<-3 PassStateEntered Note
            9<-3 ChoiceStateEntered Which
        """)
    )
    assert told.shown("event_id state attempt") == [
        "3 Both 1",
        "4 Charge 1",
        "6 Charge 2",
        "7 Charge 3",
        "8 Note 1",
        "9 Which 1",
    ]


def test_the_error_of_the_first_try_stands_in_every_try_of_its_visit() -> None:
    events = history("Charge", fails=2, error="CardDeclined").then("Ship").ended()
    assert answers(events).shown("state attempt error visit_error") == [
        "Charge 1 CardDeclined CardDeclined",
        "Charge 2 CardDeclined CardDeclined",
        "Charge 3 - CardDeclined",
        "Ship 1 - -",
    ]


def test_only_the_attempt_that_succeeded_says_when_the_state_was_left() -> None:
    caught = answers(history("Charge", fails=1, caught=True).ended())
    assert [row["exited_at"] for row in caught.attempts] == [None]
    retried = answers(history("Charge", fails=1).ended())
    assert [row["exited_at"] is not None for row in retried.attempts] == [False, True]


def test_a_redrive_is_a_row_that_counts_in_no_figure_but_transitions() -> None:
    events = recorded("1<-0 ExecutionStarted\n2<-0 ExecutionFailed Broken\n3<-2 ExecutionRedriven")
    [row] = answers(events).attempts
    filled = {name: value for name, value in row.items() if value is not None}
    assert filled == {
        "state": "(redrive)",
        "state_type": "",
        "event_id": 3,
        "redrive": 1,
        "entered_at": 1_790_812_800_300,
        "transitions": 1,
        "is_root": False,
        "is_terminal": False,
    }


def test_a_row_has_every_column_that_its_execution_does_not_settle() -> None:
    of_execution = {"execution_arn", "machine", "region", "account", "type", "revision", "completeness"}
    of_execution |= {"execution_id", "execution_started_at", "execution_status", "cost_usd"}
    of_execution |= {"cause", "is_critical", "holds_states", "place", "is_eventful"}
    [row] = answers(recorded("1<-0 ExecutionStarted\n2<-0 PassStateEntered A")).attempts
    assert set(row) == {column.name for column in ATTEMPTS} - of_execution


def test_an_empty_run_has_no_attempts() -> None:
    folded = attempts_of(run_of([]), lambda *_: (None, None, None), {}, is_billed_by_transition=True)
    assert (folded.attempts, folded.tries, folded.transitions, folded.knows_children) == ([], 0, 0, True)
