from __future__ import annotations

from tests.analyzer.histories import answers, recorded

FAILED_TASK = """
    1<-0 ExecutionStarted @0
    2<-0 TaskStateEntered Charge @10
    3<-2 ActivityScheduled arn:activity @10
    4<-3 ActivityStarted @20
    5<-4 ActivityTimedOut States.Timeout @2020
    6<-5 ExecutionFailed States.Timeout @2050
"""


def test_a_redrive_runs_a_task_again_as_a_new_visit_and_is_a_transition_of_its_own() -> None:
    told = answers(
        recorded(f"""{FAILED_TASK}
            7<-6 ExecutionRedriven @60000
            8<-2 ActivityScheduled arn:activity @60010
            9<-8 ActivityStarted @60020
            10<-9 ActivitySucceeded @60120
            11<-10 TaskStateExited Charge @60130
            12<-11 ExecutionSucceeded @60150
        """)
    )
    assert told.shown("event_id visit_id state visit attempt redrive outcome handled transitions") == [
        "3 2 Charge 1 1 0 timed_out uncaught 1",
        "7 - (redrive) - - 1 - - 1",
        "8 8 Charge 2 1 1 succeeded - 1",
    ]
    execution = told.execution
    assert (execution.status, execution.redrives, execution.transitions) == ("SUCCEEDED", 1, 3)
    assert (execution.attempts, execution.retries, execution.state_entries) == (2, 0, 1)
    assert (execution.terminal_state, execution.root_state, execution.masked_failure) == (None, None, False)


def test_the_wait_before_a_redrive_is_not_running_time() -> None:
    told = answers(
        recorded(f"""{FAILED_TASK}
            7<-6 ExecutionRedriven @60000
            8<-2 ActivityScheduled arn:activity @60010
            9<-0 ExecutionAborted @60500
        """)
    )
    assert told.execution.duration_ms == 2_050 + 500
    assert (told.execution.status, told.execution.last_state) == ("ABORTED", "Charge")


def test_every_redrive_points_at_the_first_entry_and_is_a_visit_of_its_own() -> None:
    told = answers(
        recorded(f"""{FAILED_TASK}
            7<-6 ExecutionRedriven
            8<-2 ActivityScheduled arn:activity
            9<-8 ActivityFailed Broken
            10<-9 ActivityScheduled arn:activity
            11<-10 ActivityFailed Broken
            12<-11 ExecutionFailed Broken
            13<-12 ExecutionRedriven
            14<-2 ActivityScheduled arn:activity
        """)
    )
    assert told.shown("event_id visit_id visit attempt redrive outcome handled") == [
        "3 2 1 1 0 timed_out uncaught",
        "7 - - - 1 - -",
        "8 8 2 1 1 failed retried",
        "10 8 2 2 1 failed uncaught",
        "13 - - - 2 - -",
        "14 14 3 1 2 running -",
    ]
    assert (told.execution.status, told.execution.last_state, told.execution.completeness) == (
        "RUNNING",
        "Charge",
        "running",
    )


def test_a_redrive_of_a_fail_state_adds_nothing_but_another_end() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 FailStateEntered Refuse
            3<-2 ExecutionFailed Refused
            4<-3 ExecutionRedriven
            5<-4 ExecutionFailed Refused
        """)
    )
    assert told.shown("state redrive outcome error") == ["Refuse 0 failed Refused", "(redrive) 1 - -"]
    assert (told.execution.terminal_state, told.execution.transitions) == ("Refuse", 2)


def test_a_fail_state_that_was_cut_off_and_is_redriven_is_the_terminal() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 FailStateEntered Refuse
            3<-0 ExecutionTimedOut
            4<-3 ExecutionRedriven
            5<-4 ExecutionFailed Refused
        """)
    )
    assert told.execution.terminal_state == "Refuse"


def test_what_was_cut_off_and_then_goes_on_is_a_new_visit_since_the_redrive() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted @0
            2<-0 WaitStateEntered Pause @10
            3<-0 ExecutionAborted @500
            4<-3 ExecutionRedriven @9000
            5<-2 WaitStateExited Pause @9400
            6<-5 ExecutionSucceeded @9500
        """)
    )
    assert told.shown("event_id state redrive outcome run_ms") == [
        "2 Pause 0 aborted 490",
        "4 (redrive) 1 - -",
        "5 Pause 1 succeeded 400",
    ]


def test_what_failed_before_a_redrive_and_succeeds_after_it_was_not_caught() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 WaitStateEntered Pause
            3<-2 EvaluationFailed Pause at #2
            4<-3 ExecutionFailed States.QueryEvaluationError at #2
            5<-4 ExecutionRedriven
            6<-2 WaitStateExited Pause
            7<-6 ExecutionSucceeded
        """)
    )
    assert told.shown("event_id outcome handled error") == [
        "2 failed uncaught States.QueryEvaluationError",
        "5 - - -",
        "6 succeeded - -",
    ]
    assert (told.execution.caught, told.execution.root_state) == (0, None)


def test_after_success_of_its_work_an_error_in_the_output_fails_the_try() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Charge
            3<-2 LambdaFunctionScheduled arn
            4<-3 LambdaFunctionStarted
            5<-4 LambdaFunctionSucceeded
            6<-5 ExecutionFailed States.Runtime at #2
        """)
    )
    assert told.shown("outcome error ended_at") == ["failed States.Runtime 1790812800600"]


def test_work_that_was_done_when_its_container_closed_succeeded() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Both
            3<-2 ParallelStateStarted
            4<-3 TaskStateEntered Charge
            5<-3 FailStateEntered Refuse
            6<-4 TaskScheduled lambda:invoke
            7<-6 TaskStarted
            8<-7 TaskSucceeded
            9<-5 TaskStateAborted
            10<-5 ParallelStateFailed
            11<-10 ExecutionFailed Refused
        """)
    )
    assert told.shown("state outcome ended_at exited_at") == [
        "Both failed 1790812801000 -",
        "Refuse failed 1790812800500 -",
        "Charge succeeded 1790812800800 -",
    ]


def test_an_execution_that_fails_nowhere_known_names_no_terminal() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 PassStateEntered A
            3<-2 PassStateExited A
            4<-3 ExecutionFailed States.Runtime
        """)
    )
    assert told.shown("state outcome error") == ["A succeeded -"]
    assert (told.execution.terminal_state, told.execution.error) == (None, "States.Runtime")


def test_a_stop_without_a_predecessor_blames_the_one_state_that_is_open() -> None:
    told = answers(recorded("1<-0 ExecutionStarted\n2<-0 TaskStateEntered Charge\n3<-0 ExecutionFailed Broken"))
    assert told.shown("state outcome error") == ["Charge failed Broken"]
    assert told.execution.terminal_state == "Charge"
