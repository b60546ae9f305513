from __future__ import annotations

from tests.analyzer.rows import DAY, Row
from tests.analyzer.rules.broken import NOW, findings

ONE_OF_FOUR: list[Row] = [{}, {}, {"status": "RUNNING"}, {}, {"status": "TIMED_OUT"}]


def test_of_four_that_ended_one_timed_out() -> None:
    [found] = findings("failure_rate", "failure_rate = 0.2", ONE_OF_FOUR)
    assert found[:2] == ("orders", "failure_rate")
    assert (found.value, found.threshold, found.unit) == (0.25, 0.2, "rate")
    assert found.sentence == "1 of 4 executions (25.0%) did not succeed in the last 7 days; 20.0% may."


def test_as_many_as_may_are_no_finding() -> None:
    assert findings("failure_rate", "failure_rate = 0.25", ONE_OF_FOUR) == []


def test_without_a_threshold_nothing_is_asked() -> None:
    assert findings("failure_rate", "", ONE_OF_FOUR) == []


def test_a_machine_of_few_executions_is_not_judged() -> None:
    assert findings("failure_rate", "failure_rate = 0.2", ONE_OF_FOUR[1:]) == []


def test_what_started_before_the_days_looked_at_does_not_count() -> None:
    old = [{**row, "started_at": NOW - 8 * DAY} for row in ONE_OF_FOUR]
    assert findings("failure_rate", "failure_rate = 0.2", old) == []
    assert len(findings("failure_rate", "failure_rate = 0.2\ndays = 9", old)) == 1


def test_the_first_threshold_for_the_machine_holds_and_else_the_one_for_all() -> None:
    own = '[[rules.machines]]\nmachine = "ord*"\nfailure_rate = 0.5'
    assert findings("failure_rate", f"failure_rate = 0.2\n{own}", ONE_OF_FOUR) == []
    other = own.replace("ord*", "ticker")
    assert len(findings("failure_rate", f"failure_rate = 0.2\n{other}", ONE_OF_FOUR)) == 1


def test_machines_of_one_name_have_findings_of_their_own() -> None:
    rows = [*ONE_OF_FOUR, *({**row, "region": "eu-west-1"} for row in ONE_OF_FOUR)]
    assert {found.subject for found in findings("failure_rate", "failure_rate = 0.2", rows)} == {
        "111122223333/us-east-1",
        "111122223333/eu-west-1",
    }
