from __future__ import annotations

from tests.analyzer.advice.hinted import facts, said

CALLBACK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken"}
LATE = {"outcome": "timed_out", "error": "States.Timeout"}


def test_a_callback_that_timed_out_is_evidence() -> None:
    assert said("no_heartbeat", facts({"Charge": CALLBACK}, [LATE, {}])) == [("medium", 1)]
    assert said("no_heartbeat", facts({"Charge": CALLBACK}, [{}])) == [("info", 0)]


def test_a_heartbeat_or_a_call_that_waits_for_nobody_is_well() -> None:
    assert said("no_heartbeat", facts({"Charge": {**CALLBACK, "HeartbeatSeconds": 9}}, [LATE])) == []
    assert said("no_heartbeat", facts({"Charge": {**CALLBACK, "Resource": "arn:aws:states:::sqs:sendMessage"}})) == []
