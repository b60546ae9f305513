from __future__ import annotations

from tests.analyzer.rows import DAY, OCTOBER, Row
from tests.analyzer.rules.broken import findings

NOW = OCTOBER + 30 * DAY
MONTH: list[Row] = [{"started_at": OCTOBER + number % 30 * DAY} for number in range(900)]


def failing(error: str, days: list[int], **more: object) -> list[Row]:
    return [
        {"execution_id": 1 + day + 30 * n, "execution_started_at": OCTOBER + day * DAY, "ended_at": OCTOBER + day * DAY}
        | {"outcome": "failed", "error": error, "handled": "retried", **more}
        for day in days
        for n in range(3)
    ]


def test_a_new_issue_is_told_and_one_that_was_always_there_is_not() -> None:
    tries = [*failing("Old", list(range(0, 30, 2))), *failing("New", [27, 28, 29])]
    [found] = findings("new_issue", "new_issue = true", MONTH, tries, NOW)
    assert found.sentence.startswith("New in Charge is new: 9 executions, 0 ended by it. Issue ")
    assert (found.rule, found.value, found.unit) == ("new_issue", 9.0, "executions")
    assert found.sentence.endswith(f"Issue {found.subject}.")


def test_one_that_is_back_is_told_with_its_quiet_days() -> None:
    [found] = findings("new_issue", "new_issue = true", MONTH, failing("Back", [0, 1, 28]), NOW)
    assert "is back after 26 quiet days" in found.sentence


def test_nobody_who_did_not_ask_is_told_and_no_cause_leaves() -> None:
    tries = failing("New", [27, 28, 29], cause="card of Kim")
    assert findings("new_issue", "", MONTH, tries, NOW) == []
    own = '[[rules.machines]]\nmachine = "orders"\nnew_issue = false'
    assert findings("new_issue", f"new_issue = true\n{own}", MONTH, tries, NOW) == []
    assert "Kim" not in findings("new_issue", "new_issue = true", MONTH, tries, NOW)[0].sentence
