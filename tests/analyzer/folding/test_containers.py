from __future__ import annotations

from tests.analyzer.histories import answers, recorded

FAILED_PARALLEL = """
    1<-0 ExecutionStarted @0
    2<-0 ParallelStateEntered Both @10
    3<-2 ParallelStateStarted @10
    4<-3 TaskStateEntered Charge @10
    5<-4 ActivityScheduled arn @10
    6<-3 TaskStateEntered Ship @10
    7<-6 ActivityScheduled arn @10
    8<-5 ActivityStarted @20
    9<-8 ActivityFailed Broken @70
    10<-9 TaskStateAborted @80
    11<-9 TaskStateAborted @80
    12<-9 ParallelStateFailed @80
    13<-12 ExecutionFailed Broken @100
    14<-13 ExecutionRedriven @9000
"""


def test_a_redrive_goes_on_inside_a_parallel_without_starting_it_again() -> None:
    told = answers(
        recorded(f"""{FAILED_PARALLEL}
            15<-4 ActivityScheduled arn @9010
            16<-6 ActivityScheduled arn @9010
            17<-16 ActivityStarted @9020
            18<-17 ActivitySucceeded @9030
            19<-18 TaskStateExited Ship @9030
            20<-15 ActivityStarted @9040
            21<-20 ActivitySucceeded @9050
            22<-21 TaskStateExited Charge @9060
            23<-22 ParallelStateSucceeded @9060
            24<-22 ParallelStateExited Both @9060
            25<-24 ExecutionSucceeded @9070
        """)
    )
    assert told.shown("event_id state branch parent_id redrive outcome handled") == [
        "3 Both - - 0 failed uncaught",
        "5 Charge 0 3 0 failed uncaught",
        "7 Ship 1 3 0 aborted -",
        "14 (redrive) - - 1 - -",
        "15 Charge 0 3 1 succeeded -",
        "16 Ship 1 3 1 succeeded -",
    ]
    assert (told.execution.status, told.execution.caught) == ("SUCCEEDED", 0)


def test_a_container_that_fails_again_after_a_redrive_is_failed_by_what_failed_then() -> None:
    told = answers(
        recorded(f"""{FAILED_PARALLEL}
            15<-4 ActivityScheduled arn
            16<-6 ActivityScheduled arn
            17<-16 ActivityFailed Lost
            18<-17 TaskStateAborted
            19<-17 ParallelStateFailed
            20<-19 ExecutionFailed Lost
        """)
    )
    assert told.shown("event_id state redrive outcome handled")[-2:] == [
        "15 Charge 1 aborted -",
        "16 Ship 1 failed uncaught",
    ]
    assert (told.execution.terminal_state, told.execution.error) == ("Ship", "Lost")


def test_a_catch_after_a_redrive_catches_what_failed_in_that_run_and_not_before() -> None:
    told = answers(
        recorded(f"""{FAILED_PARALLEL}
            15<-4 ActivityScheduled arn
            16<-15 ActivityFailed Broken
            17<-16 ParallelStateFailed
            18<-17 ParallelStateExited Both
            19<-18 ExecutionSucceeded
        """)
    )
    assert told.shown("event_id state redrive outcome handled handled_by") == [
        "3 Both 0 failed uncaught -",
        "5 Charge 0 failed uncaught -",
        "7 Ship 0 aborted - -",
        "14 (redrive) 1 - - -",
        "15 Charge 1 failed caught Both",
    ]
    assert (told.execution.caught, told.execution.masked_failure, told.execution.root_state) == (1, True, "Charge")


def test_a_container_that_a_redrive_starts_again_is_a_new_visit() -> None:
    told = answers(
        recorded(f"""{FAILED_PARALLEL}
            15<-4 ActivityScheduled arn
            16<-15 ActivityFailed Broken
            17<-16 ParallelStateStarted
            18<-17 TaskStateEntered Charge
        """)
    )
    assert told.shown("event_id visit_id state visit attempt redrive outcome handled handled_by")[-3:] == [
        "15 15 Charge 2 1 1 failed retried Both",
        "17 17 Both 2 1 1 running - -",
        "18 18 Charge 3 1 1 running - -",
    ]


def test_a_map_that_was_never_started_is_started_by_the_redrive() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Items
            3<-0 ExecutionAborted
            4<-3 ExecutionRedriven
            5<-2 MapStateStarted
        """)
    )
    assert told.shown("event_id state redrive outcome") == [
        "2 Items 0 aborted",
        "4 (redrive) 1 -",
        "5 Items 1 running",
    ]


def test_a_redrive_goes_on_with_the_iterations_that_are_left() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Items
            3<-2 MapStateStarted
            4<-3 MapIterationStarted Items 0
            5<-4 TaskStateEntered Pack
            6<-5 ActivityScheduled arn
            7<-6 ActivityFailed Broken
            8<-7 MapIterationFailed Items 0
            9<-7 TaskStateAborted
            10<-7 MapStateFailed
            11<-10 ExecutionFailed Broken
            12<-11 ExecutionRedriven
            13<-5 ActivityScheduled arn
            14<-13 ActivitySucceeded
            15<-14 TaskStateExited Pack
            16<-15 MapIterationSucceeded Items 0
            17<-15 MapIterationStarted Items 1
            18<-17 TaskStateEntered Pack
        """)
    )
    assert told.shown("event_id iteration visit redrive outcome") == [
        "3 - 1 0 failed",
        "6 0 1 0 failed",
        "12 - - 1 -",
        "13 0 2 1 succeeded",
        "18 1 3 1 running",
    ]
    assert told.execution.last_state == "Pack"


DISTRIBUTED = """
    1<-0 ExecutionStarted
    2<-0 MapStateEntered Files
    3<-2 MapStateStarted
    4<-3 MapRunStarted arn:run
    5<-4 MapRunFailed States.ExceedToleratedFailureThreshold
    6<-5 MapStateFailed
    7<-6 ExecutionFailed States.ExceedToleratedFailureThreshold
    8<-7 ExecutionRedriven
    9<-3 MapRunRedriven arn:run
"""


def test_a_distributed_map_redriven_in_vain_is_the_terminal_again() -> None:
    told = answers(
        recorded(f"""{DISTRIBUTED}
            10<-9 MapRunFailed States.ExceedToleratedFailureThreshold
            11<-10 MapStateFailed
            12<-11 ExecutionFailed States.ExceedToleratedFailureThreshold
        """)
    )
    assert told.shown("event_id state outcome handled") == ["3 Files failed uncaught", "8 (redrive) - -"]
    assert told.execution.terminal_state == "Files"


def test_a_distributed_map_under_way_again_is_the_last_state() -> None:
    assert answers(recorded(DISTRIBUTED)).execution.last_state == "Files"


def test_a_distributed_map_tried_again_has_a_run_of_its_own_in_each_try() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Files
            3<-2 MapStateStarted
            4<-3 MapRunStarted arn:one
            5<-4 MapRunFailed States.ItemReaderFailed @500
            6<-5 MapStateStarted @1500
            7<-6 MapRunStarted arn:two
            8<-7 MapRunSucceeded
            9<-8 MapStateSucceeded
            10<-8 MapStateExited Files
            11<-10 ExecutionSucceeded
        """)
    )
    assert told.shown("event_id attempt outcome error handled backoff_ms") == [
        "3 1 failed States.ItemReaderFailed retried -",
        "6 2 succeeded - - 1000",
    ]


def test_a_map_whose_items_could_not_be_evaluated_is_tried_again_without_having_been_started() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 MapStateEntered Items
            3<-0 EvaluationFailed Items at #2
            4<-3 MapStateStarted
            5<-4 MapStateSucceeded
            6<-4 MapStateExited Items
            7<-6 ExecutionSucceeded
        """)
    )
    assert told.shown("event_id attempt outcome") == ["2 1 failed", "4 2 succeeded"]


def test_a_container_fails_with_the_failure_of_the_container_inside_it() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Outer
            3<-2 ParallelStateStarted
            4<-3 MapStateEntered Inner
            5<-4 MapStateStarted
            6<-5 MapIterationStarted Inner 0
            7<-6 TaskStateEntered Pack
            8<-7 TaskScheduled lambda:invoke
            9<-8 TaskFailed Broken
            10<-9 MapIterationFailed Inner 0
            11<-9 MapStateFailed
            12<-11 ParallelStateStarted @5000
        """)
    )
    assert told.shown("event_id state path outcome error ended_at handled_by backoff_ms") == [
        "3 Outer - failed Broken 1790812801100 Outer -",
        "5 Inner Outer failed Broken 1790812801100 Outer -",
        "8 Pack Outer/Inner failed Broken 1790812800900 Outer -",
        "12 Outer - running - - - 3900",
    ]


def test_an_aborted_sibling_never_ends_before_its_own_last_event() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Both
            3<-2 ParallelStateStarted
            4<-3 TaskStateEntered Ship
            5<-3 FailStateEntered Refuse @500
            6<-4 TaskScheduled lambda:invoke @510
            7<-6 TaskStarted @520
            8<-5 TaskStateAborted @530
            9<-5 ParallelStateStarted @2000
        """)
    )
    assert told.shown("state attempt outcome ended_at queue_ms run_ms backoff_ms") == [
        "Both 1 failed 1790812800500 - 200 -",
        "Refuse 1 failed 1790812800500 - 0 -",
        "Ship 1 aborted 1790812800520 10 0 -",
        "Both 2 running - - - 1500",
    ]
