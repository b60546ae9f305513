from __future__ import annotations

from analyzer.folding.run import last_open, unsettled
from tests.analyzer.histories import recorded, run_of

OPEN = """
    1<-0 ExecutionStarted
    2<-0 ParallelStateEntered Both
    3<-2 ParallelStateStarted
    4<-3 TaskStateEntered Charge
    5<-3 PassStateEntered Note
    6<-5 PassStateExited Note
"""


def test_the_last_state_is_the_last_entered_of_those_still_open() -> None:
    run = run_of(recorded(OPEN))
    assert last_open(run) is run.last
    assert run.last is not None
    assert run.last.name == "Charge"


def test_nothing_is_unsettled_once_the_execution_has_ended() -> None:
    run = run_of(recorded(f"{OPEN}7<-0 ExecutionAborted"))
    assert unsettled(run) == []
    assert run.last is not None
    assert run.last.name == "Charge"


def test_a_redrive_unsettles_what_it_goes_on_in_and_nothing_else() -> None:
    run = run_of(recorded(f"{OPEN}7<-0 ExecutionAborted\n8<-7 ExecutionRedriven\n9<-4 TaskScheduled lambda:invoke"))
    assert [(visit.name, visit.redrive) for visit in unsettled(run)] == [("Both", 0), ("Charge", 1)]


def test_no_two_runs_share_what_they_have_found() -> None:
    one, other = run_of(recorded(OPEN)), run_of([])
    assert len(one.visits) == 3
    assert (other.visits, other.places, other.latest, other.redrives, other.segments) == ([], {}, {}, [], [])


def test_spans_in_which_it_ran_leave_out_the_wait_before_a_redrive() -> None:
    run = run_of(
        recorded("""
            1<-0 ExecutionStarted @0
            2<-0 ExecutionFailed Broken @700
            3<-2 ExecutionRedriven @5000
            4<-3 ExecutionFailed Broken @5300
        """)
    )
    assert [end - begin for begin, end in run.segments] == [700, 300]
    assert run.duration_ms == 1_000


def test_version_and_alias_come_from_the_start() -> None:
    events = recorded("1<-0 ExecutionStarted")
    arn = "arn:aws:states:eu-west-1:111122223333:stateMachine:orders"
    events[0]["executionStartedEventDetails"] = {
        "stateMachineVersionArn": f"{arn}:7",
        "stateMachineAliasArn": f"{arn}:PROD",
    }
    run = run_of(events)
    assert (run.version_arn, run.alias_arn) == (f"{arn}:7", f"{arn}:PROD")
