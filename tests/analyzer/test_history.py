"""What each pattern of events means: one recorded sequence for each row of docs/histories.md."""

from __future__ import annotations

import json
import re

import pytest

from analyzer.history import folded
from store.events import EVENTS, decoded_events
from tests.analyzer.histories import answers, history, recorded, run_of
from tests.source import project_files, text

# Where it begins, and what points at nothing


def test_the_first_state_and_a_stop_point_at_no_event() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Charge
            3<-2 TaskScheduled lambda:invoke
            4<-3 TaskStarted
            5<-0 ExecutionAborted
        """)
    )
    assert told.shown("state after_id outcome handled") == ["Charge - aborted -"]
    assert (told.execution.status, told.execution.last_state, told.execution.duration_ms) == ("ABORTED", "Charge", 400)


def test_an_old_history_whose_first_state_points_at_the_start_reads_the_same() -> None:
    old = recorded("1<-0 ExecutionStarted\n2<-1 PassStateEntered A\n3<-2 PassStateExited A\n4<-3 ExecutionSucceeded")
    new = recorded("1<-0 ExecutionStarted\n2<-0 PassStateEntered A\n3<-2 PassStateExited A\n4<-3 ExecutionSucceeded")
    assert answers(old) == answers(new)


def test_a_timeout_of_the_whole_execution_points_at_no_event_and_names_no_error() -> None:
    told = answers(recorded("1<-0 ExecutionStarted\n2<-0 WaitStateEntered Pause\n3<-0 ExecutionTimedOut"))
    assert told.shown("state outcome error") == ["Pause aborted -"]
    assert (told.execution.status, told.execution.error, told.execution.last_state) == (
        "TIMED_OUT",
        "States.Timeout",
        "Pause",
    )


# Tries


def test_a_schedule_after_a_failure_is_the_next_attempt_and_the_gap_is_backoff() -> None:
    told = answers(history("Charge", fails=2).ended())
    assert told.shown("event_id visit_id attempt outcome handled handled_by backoff_ms") == [
        "3 2 1 failed retried Charge -",
        "6 2 2 failed retried Charge 100",
        "9 2 3 succeeded - - 100",
    ]
    assert (told.execution.state_entries, told.execution.retries, told.execution.transitions) == (1, 2, 3)


@pytest.mark.parametrize("family", ["Task", "LambdaFunction", "Activity"])
def test_all_families_of_work_are_read_alike(family: str) -> None:
    told = answers(
        recorded(f"""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Work
            3<-2 {family}Scheduled lambda:invoke @300
            4<-3 {family}Started @350
            5<-4 {family}TimedOut States.Timeout @850
            6<-5 {family}Scheduled lambda:invoke @1000
            7<-6 {family}Started @1010
            8<-7 {family}Succeeded @1500
            9<-8 TaskStateExited Work @1501
            10<-9 ExecutionSucceeded
        """)
    )
    assert told.shown("attempt outcome error queue_ms run_ms backoff_ms") == [
        "1 timed_out States.Timeout 50 500 -",
        "2 succeeded - 10 490 150",
    ]


@pytest.mark.parametrize("failure", ["LambdaFunctionScheduleFailed", "ActivityScheduleFailed", "EvaluationFailed"])
def test_a_failure_to_schedule_is_a_try_when_nothing_was_scheduled(failure: str) -> None:
    what = "Work at #2" if failure == "EvaluationFailed" else "Lambda.AWSLambdaException"
    told = answers(
        recorded(f"""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Work
            3<-2 {failure} {what}
            4<-3 TaskScheduled lambda:invoke
            5<-4 {failure} {what}
            6<-5 {failure} {what}
            7<-6 ExecutionFailed Broken
        """)
    )
    assert told.shown("event_id attempt outcome") == ["2 1 failed", "4 2 failed", "6 3 failed"]


@pytest.mark.parametrize("failure", ["TaskStartFailed", "TaskSubmitFailed", "LambdaFunctionStartFailed"])
def test_a_failure_to_start_or_submit_ends_the_try(failure: str) -> None:
    told = answers(
        recorded(f"""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Work
            3<-2 TaskScheduled sqs:sendMessage
            4<-3 {failure} SQS.SdkClientException @460
            5<-4 ExecutionFailed SQS.SdkClientException
        """)
    )
    assert told.shown("attempt outcome error handled queue_ms run_ms") == [
        "1 failed SQS.SdkClientException uncaught 160 -"
    ]


def test_a_submitted_task_runs_until_its_service_answers() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Approve
            3<-2 TaskScheduled sqs:sendMessage.waitForTaskToken @10
            4<-3 TaskStarted @20
            5<-4 TaskSubmitted @60
            6<-5 TaskSucceeded @90060
            7<-6 TaskStateExited Approve @90060
            8<-7 ExecutionSucceeded @90070
        """)
    )
    [row] = told.attempts
    assert (row["queue_ms"], row["run_ms"], row["submitted_at"] - row["started_at"]) == (10, 90_040, 40)


# Caught


def test_exited_after_a_failure_means_caught_and_not_success() -> None:
    told = answers(history("Charge", fails=1, error="CardDeclined", caught=True).then("Alert").ended())
    assert told.shown("state outcome error handled handled_by exited_at")[:1] == [
        "Charge failed CardDeclined caught Charge -"
    ]
    execution = told.execution
    assert (execution.status, execution.caught, execution.masked_failure) == ("SUCCEEDED", 1, True)
    assert (execution.root_state, execution.terminal_state) == ("Charge", None)


def test_a_fail_state_never_exits_and_is_its_own_terminal() -> None:
    told = answers(recorded("1<-0 ExecutionStarted\n2<-0 FailStateEntered Refuse\n3<-2 ExecutionFailed Refused"))
    assert told.shown("state outcome error handled run_ms exited_at") == ["Refuse failed Refused uncaught 0 -"]
    assert (told.execution.terminal_state, told.execution.root_state) == ("Refuse", "Refuse")


# JSONata


def test_an_evaluation_that_fails_belongs_to_the_state_it_names_whatever_it_points_at() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 PassStateEntered Sum
            3<-2 PassStateExited Sum
            4<-3 PassStateEntered Total
            5<-3 EvaluationFailed Total at #4
            6<-5 ExecutionFailed States.QueryEvaluationError at #4
        """)
    )
    assert told.shown("state outcome error handled") == [
        "Sum succeeded - -",
        "Total failed States.QueryEvaluationError uncaught",
    ]
    assert told.execution.terminal_state == "Total"


def test_without_a_cause_it_belongs_to_the_visit_that_points_where_it_points() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Items
            3<-2 MapStateStarted
            4<-3 MapIterationStarted Items 0
            5<-3 MapIterationStarted Items 1
            6<-4 PassStateEntered Total
            7<-5 PassStateEntered Total
            8<-4 EvaluationFailed Total
            9<-8 MapIterationFailed Items 0
            10<-8 MapStateFailed
            11<-10 ExecutionFailed States.QueryEvaluationError
        """)
    )
    assert told.shown("state iteration outcome") == ["Items - failed", "Total 0 failed", "Total 1 aborted"]


# Containers


def test_a_container_started_again_is_its_next_attempt_and_its_children_are_new_visits() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Items
            3<-2 MapStateStarted
            4<-3 MapIterationStarted Items 0
            5<-4 FailStateEntered Refuse
            6<-5 MapIterationFailed Items 0
            7<-5 MapStateStarted @1500
            8<-7 MapIterationStarted Items 0 @1500
            9<-8 FailStateEntered Refuse @1600
            10<-9 MapIterationFailed Items 0 @1600
            11<-9 MapStateFailed @1600
            12<-11 ExecutionFailed Refused @1700
        """)
    )
    assert told.shown("event_id parent_id state visit attempt outcome error handled handled_by backoff_ms") == [
        "3 - Items 1 1 failed - retried Items -",
        "5 3 Refuse 1 1 failed - retried Items -",
        "7 - Items 1 2 failed - uncaught - 1000",
        "9 7 Refuse 2 1 failed - uncaught - -",
    ]
    assert (told.execution.retries, told.execution.map_iterations, told.execution.terminal_state) == (1, 2, "Refuse")


def test_an_iteration_belongs_to_the_map_it_names_when_one_follows_the_other() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Orders
            3<-2 MapStateStarted
            4<-3 MapIterationStarted Orders 0
            5<-4 MapStateEntered Lines
            6<-5 MapStateStarted
            7<-6 MapIterationStarted Lines 0
            8<-7 PassStateEntered Add
            9<-8 PassStateExited Add
            10<-9 MapIterationSucceeded Lines 0
            11<-10 MapStateSucceeded
            12<-10 MapStateExited Lines
            13<-12 MapIterationSucceeded Orders 0
            14<-12 MapIterationStarted Orders 1
            15<-14 MapStateEntered Lines
            16<-15 MapStateStarted
            17<-16 MapStateSucceeded
            18<-16 MapStateExited Lines
            19<-18 MapIterationSucceeded Orders 1
            20<-19 MapStateSucceeded
            21<-19 MapStateExited Orders
            22<-21 ExecutionSucceeded
        """)
    )
    assert told.shown("state path iteration visit parent_id after_id") == [
        "Orders - - 1 - -",
        "Lines Orders 0 1 3 -",
        "Add Orders/Lines 0/0 1 6 -",
        "Lines Orders 1 2 3 -",
    ]


def test_aborted_events_name_nobody_so_the_end_of_the_container_tells_who_was_aborted() -> None:
    """Of four iterations one times out first; three more do before AWS aborts the rest, and keep that outcome."""
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Items
            3<-2 MapStateStarted
            4<-3 MapIterationStarted Items 0
            5<-3 MapIterationStarted Items 1
            6<-3 MapIterationStarted Items 2
            7<-4 TaskStateEntered Ship
            8<-7 TaskScheduled lambda:invoke
            9<-5 TaskStateEntered Ship
            10<-9 TaskScheduled lambda:invoke
            11<-6 TaskStateEntered Ship
            12<-8 TaskStarted
            13<-10 TaskStarted
            14<-12 TaskTimedOut States.Timeout
            15<-13 TaskTimedOut States.Timeout
            16<-14 MapIterationFailed Items 0
            17<-14 TaskStateAborted
            18<-14 MapIterationAborted Items 1
            19<-14 TaskStateAborted
            20<-14 MapIterationAborted Items 2
            21<-14 TaskStateAborted
            22<-14 MapStateFailed
            23<-22 ExecutionFailed States.Timeout
        """)
    )
    assert told.shown("iteration state outcome handled") == [
        "- Items failed uncaught",
        "0 Ship timed_out uncaught",
        "1 Ship timed_out uncaught",
        "2 Ship aborted -",
    ]
    assert (told.execution.terminal_state, told.execution.error) == ("Ship", "States.Timeout")


def test_ends_of_containers_and_iterations_are_leaves() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Notify
            3<-2 ParallelStateStarted
            4<-3 PassStateEntered Mail
            5<-3 PassStateEntered Text
            6<-5 PassStateExited Text
            7<-4 PassStateExited Mail
            8<-7 ParallelStateSucceeded
            9<-7 ParallelStateExited Notify
            10<-9 PassStateEntered Done
            11<-10 PassStateExited Done
            12<-11 ExecutionSucceeded
        """)
    )
    assert told.shown("state branch after_id outcome ended_at") == [
        "Notify - - succeeded 1790812800800",
        "Mail 0 - succeeded 1790812800700",
        "Text 1 - succeeded 1790812800600",
        "Done - 2 succeeded 1790812801100",
    ]


def test_a_runtime_error_in_a_branch_ends_the_execution_at_once_and_only_its_cause_says_where() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Both
            3<-2 ParallelStateStarted
            4<-3 TaskStateEntered Charge
            5<-3 TaskStateEntered Ship
            6<-4 LambdaFunctionScheduled arn
            7<-6 LambdaFunctionStarted
            8<-7 LambdaFunctionSucceeded
            9<-8 ExecutionFailed States.Runtime at #4
        """)
    )
    assert told.shown("state outcome error handled") == [
        "Both failed States.Runtime uncaught",
        "Ship aborted - -",
        "Charge failed States.Runtime uncaught",
    ]
    assert told.execution.terminal_state == "Charge"


def test_loops_reentered_maps_and_concurrent_iterations_are_new_visits_and_no_retries() -> None:
    loop = """
        1<-0 ExecutionStarted
        2<-0 TaskStateEntered Poll
        3<-2 TaskScheduled lambda:invoke
        4<-3 TaskStarted
        5<-4 TaskSucceeded
        6<-5 TaskStateExited Poll
        7<-6 ChoiceStateEntered Ready?
        8<-7 ChoiceStateExited Ready?
        9<-8 TaskStateEntered Poll
        10<-9 TaskScheduled lambda:invoke
        11<-10 TaskStarted
        12<-11 TaskSucceeded
        13<-12 TaskStateExited Poll
        14<-13 ExecutionSucceeded
    """
    told = answers(recorded(loop))
    assert told.shown("state visit attempt after_id") == ["Poll 1 1 -", "Ready? 1 1 2", "Poll 2 1 7"]
    assert (told.execution.state_entries, told.execution.retries) == (3, 0)


# Distributed Map


def test_a_distributed_map_shows_its_run_and_not_its_items() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Files
            3<-2 MapStateStarted
            4<-3 MapRunStarted arn:run
            5<-4 MapRunSucceeded
            6<-5 MapStateSucceeded
            7<-4 MapStateExited Files
            8<-7 ExecutionSucceeded
        """)
    )
    assert told.shown("state attempt outcome transitions") == ["Files 1 succeeded 1"]
    assert (told.execution.map_iterations, told.execution.completeness) == (0, "children_unknown")


def test_a_map_run_that_fails_by_itself_gives_its_map_the_error() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Files
            3<-2 MapStateStarted
            4<-3 MapRunStarted arn:run
            5<-4 MapRunFailed States.ItemReaderFailed
            6<-5 MapStateFailed
            7<-6 ExecutionFailed States.ItemReaderFailed
        """)
    )
    assert told.shown("state outcome error handled") == ["Files failed States.ItemReaderFailed uncaught"]
    assert told.execution.terminal_state == "Files"


# Dumps


FULL = history("Charge", fails=1).then("Ship").ended()


def test_the_order_of_a_dump_does_not_matter() -> None:
    assert answers(FULL[::-1]) == answers(FULL)
    assert answers(FULL + FULL) == answers(FULL)


@pytest.mark.parametrize(
    ("events", "completeness", "status"),
    [
        (FULL, "complete", "SUCCEEDED"),
        (FULL[:5], "running", "RUNNING"),
        (FULL[:1], "running", "RUNNING"),
        ([], "running", "RUNNING"),
        (FULL[-3:][::-1], "gap", "SUCCEEDED"),
        ([*FULL[:4], *FULL[6:]], "gap", "SUCCEEDED"),
    ],
)
def test_a_partial_history_gives_what_it_holds_and_says_so(
    events: list[object], completeness: str, status: str
) -> None:
    execution = answers(events).execution  # type: ignore[arg-type]
    assert (execution.completeness, execution.status, execution.events) == (completeness, status, len(events))


def test_masked_ids_give_counts_and_no_attempts() -> None:
    masked = [{**event, "id": 0, "previousEventId": 0} if event["id"] in (3, 4, 5) else event for event in FULL]
    told = answers(masked)
    assert told.attempts == []
    execution = told.execution
    assert (execution.completeness, execution.status, execution.state_entries) == ("masked", "SUCCEEDED", 2)
    assert (execution.attempts, execution.transitions, execution.caught) == (None, None, None)


def test_an_unknown_event_is_counted_and_whatever_points_at_it_keeps_its_place() -> None:
    events = recorded("""
        1<-0 ExecutionStarted
        2<-0 TaskStateEntered Ask
        3<-2 TaskScheduled bedrock:converse
        4<-3 TaskThought
        5<-4 TaskSucceeded
        6<-5 TaskStateExited Ask
        7<-6 ExecutionSucceeded
    """)
    assert run_of(events).unknown_events == 1
    assert answers(events).shown("state outcome resource") == ["Ask succeeded converse"]


def test_every_event_type_that_is_known_has_a_handler_that_bears_an_event_without_details() -> None:
    for number, name in enumerate(EVENTS, start=1):
        raw = json.dumps([{"id": number, "previousEventId": number - 1, "type": name, "timestamp": 1.0}]).encode()
        assert folded(decoded_events(raw)).event_count == 1


def test_the_tests_that_docs_histories_names_exist() -> None:
    named = set(re.findall(r"`(test_\w+)`", text("docs/histories.md")))
    written = "".join(text(name) for name in project_files() if name.startswith("tests/analyzer/"))
    assert [name for name in sorted(named) if f"def {name}(" not in written] == []
    assert len(named) > 30
