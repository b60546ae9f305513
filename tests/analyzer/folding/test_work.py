from __future__ import annotations

from analyzer.folding.work import named_in_cause
from tests.analyzer.histories import answers, cause_at, recorded, run_of


def test_what_a_schedule_calls_is_kept_with_the_try() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Charge
            3<-2 TaskScheduled lambda:invoke
            4<-3 TaskFailed Broken
            5<-4 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:111122223333:function:charge
        """)
    )
    assert told.shown("attempt pattern resource") == [
        "1 lambda invoke",
        "2 LambdaFunctionScheduled arn:aws:lambda:eu-west-1:111122223333:function:charge",
    ]


def test_success_of_the_work_is_no_result_before_the_state_is_left() -> None:
    text = """
        1<-0 ExecutionStarted
        2<-0 TaskStateEntered Charge
        3<-2 TaskScheduled lambda:invoke
        4<-3 TaskStarted
        5<-4 TaskSucceeded
    """
    assert answers(recorded(text)).shown("outcome ended_at") == ["running -"]
    left = answers(recorded(f"{text}6<-5 TaskStateExited Charge @9000"))
    assert left.shown("outcome ended_at exited_at") == ["succeeded 1790812800500 1790812809000"]


def test_an_output_that_cannot_be_evaluated_fails_the_try_whose_work_was_done() -> None:
    for prev in (5, 2, 0):
        told = answers(
            recorded(f"""
                1<-0 ExecutionStarted
                2<-0 TaskStateEntered Charge
                3<-2 TaskScheduled lambda:invoke
                4<-3 TaskStarted
                5<-4 TaskSucceeded
                6<-{prev} EvaluationFailed Charge at #2
                7<-6 TaskScheduled lambda:invoke
                8<-7 TaskStarted
                9<-8 TaskSucceeded
                10<-9 TaskStateExited Charge
                11<-10 ExecutionSucceeded
            """)
        )
        assert told.shown("event_id attempt outcome handled ended_at") == [
            "3 1 failed retried 1790812800600",
            "7 2 succeeded - 1790812800900",
        ]


def test_after_a_redrive_the_cause_still_names_the_first_entry() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Charge
            3<-2 TaskScheduled lambda:invoke
            4<-3 TaskFailed Broken
            5<-4 ExecutionFailed Broken
            6<-5 ExecutionRedriven
            7<-2 TaskScheduled lambda:invoke
            8<-7 TaskStarted
            9<-8 TaskSucceeded
            10<-9 EvaluationFailed Charge at #2
            11<-10 ExecutionFailed States.QueryEvaluationError at #2
        """)
    )
    assert told.shown("event_id redrive attempt outcome error") == [
        "3 0 1 failed Broken",
        "6 1 - - -",
        "7 1 1 failed States.QueryEvaluationError",
    ]
    assert [row["event_id"] for row in told.attempts if row["is_terminal"]] == [7]


def test_a_try_that_a_redrive_could_not_even_schedule_is_a_visit_and_can_be_tried_again() -> None:
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 TaskStateEntered Charge
            3<-2 LambdaFunctionScheduleFailed Lambda.AWSLambdaException
            4<-3 ExecutionFailed Lambda.AWSLambdaException
            5<-4 ExecutionRedriven
            6<-2 LambdaFunctionScheduleFailed Lambda.AWSLambdaException
            7<-6 LambdaFunctionScheduled arn
        """)
    )
    assert told.shown("event_id visit_id redrive attempt outcome handled") == [
        "2 2 0 1 failed uncaught",
        "5 - 1 - - -",
        "6 6 1 1 failed retried",
        "7 6 1 2 running -",
    ]


def test_a_schedule_that_points_at_the_redrive_takes_up_what_was_left_unfinished() -> None:
    """Not as AWS writes it, but as emulators do."""
    told = answers(
        recorded("""
            1<-0 ExecutionStarted
            2<-0 ParallelStateEntered Both
            3<-2 ParallelStateStarted
            4<-3 TaskStateEntered Charge
            5<-3 TaskStateEntered Ship
            6<-4 TaskScheduled lambda:invoke
            7<-5 TaskScheduled sqs:sendMessage
            8<-0 ExecutionAborted
            9<-8 ExecutionRedriven
            10<-99 TaskScheduled lambda:invoke
            11<-99 TaskScheduled sqs:sendMessage
        """)
    )
    assert told.shown("event_id state branch redrive")[-2:] == ["10 Charge 0 1", "11 Ship 1 1"]


def test_a_schedule_that_belongs_to_nothing_makes_no_attempt() -> None:
    told = answers(recorded("1<-0 ExecutionStarted\n5<-4 TaskScheduled lambda:invoke\n6<-5 TaskFailed Broken"))
    assert told.attempts == []
    assert told.execution.completeness == "gap"


def test_the_state_in_a_cause_is_read_only_where_aws_puts_it() -> None:
    run = run_of(recorded("1<-0 ExecutionStarted\n2<-0 PassStateEntered it's (here)\n3<-0 PassStateEntered B"))
    told = [
        named_in_cause(run, cause)
        for cause in (
            cause_at("it's (here)", 2),
            f"The child said: {cause_at('B', 3)}",
            cause_at("B", 77),
            cause_at("B", 10**40),
            None,
        )
    ]
    assert [visit and visit.name for visit in told] == ["it's (here)", None, None, None, None]
