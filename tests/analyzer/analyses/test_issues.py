"""Faults behind failures."""

from __future__ import annotations

import pandas as pd

from analyzer.issue_failures import issue_id
from analyzer.records import Records
from tests.analyzer.rows import DAY, OCTOBER, Row, answer, picked

NOW = OCTOBER + 30 * DAY
ARN = "arn:aws:states:us-east-1:1:execution:o:1"


def day(number: int, count: int = 50, **more: object) -> list[Row]:
    """So many plain executions of a day."""
    return [{"started_at": OCTOBER + number * DAY + n, **more} for n in range(count)]


MONTH = [run for number in range(30) for run in day(number)]


def failing(number: int, day: int, error: str, **more: object) -> Row:
    """A failed attempt of the execution of that number, on a day."""
    at = OCTOBER + day * DAY
    return {"execution_id": number, "execution_started_at": at, "ended_at": at + 500, "outcome": "failed"} | {
        "error": error,
        "handled": "retried",
        **more,
    }


def of_day(number: int) -> int:
    """The id of the first execution of a day of MONTH."""
    return number * 50 + 1


def test_a_new_error_stands_above_one_that_was_always_there_and_one_that_is_gone() -> None:
    always = [failing(of_day(d), d, "Old") for d in range(0, 30, 2)]
    new = [failing(of_day(d) + n, d, "New") for d in (27, 28, 29) for n in range(3)]
    gone = [failing(of_day(d) + n, d, "Gone") for d in (1, 2, 3) for n in range(3)]
    rows = answer("issues", executions=MONTH, attempts=[*always, *gone, *new], now_ms=NOW)
    assert picked(rows, "error", "phase", "executions") == [
        ("New", "new", 9),
        ("Old", "ongoing", 15),
        ("Gone", "gone", 9),
    ]
    assert rows[0]["first_seen_at"] == OCTOBER + 27 * DAY + 500
    assert rows[0]["executions_by_day"] == " ".join(["0"] * 27 + ["3", "3", "3"])


def test_an_issue_is_told_with_its_losses_outcomes_and_redrives() -> None:
    runs: list[Row] = [
        {
            "status": "FAILED",
            "duration_ms": 9_000,
            "cost_usd": 0.5,
        },
        {},
        {},
    ]
    tries = [
        failing(1, 0, "Declined", is_root=True, handled="uncaught", execution_status="FAILED", execution_arn=ARN),
        failing(2, 0, "Declined", run_ms=40, cost_usd=0.25, handled="caught"),
        failing(3, 0, "Declined", run_ms=2, cost_usd=0.125),
        failing(3, 0, "Declined", run_ms=3, cost_usd=0.125, attempt=2),
    ]
    [row] = answer("issues", executions=runs, attempts=tries, now_ms=OCTOBER + DAY)
    assert picked([row], "executions", "attempts", "ended", "caught", "recovered") == [(3, 4, 1, 1, 1)]
    assert (row["lost_usd"], row["lost_ms"]) == (1.0, 9_045)
    assert (row["redrivable"], row["redrive_until_at"]) == (1, OCTOBER + 1_000 + 14 * DAY)
    assert row["redrive_command"].endswith(f"{ARN} --region us-east-1")
    assert (row["phase"], row["mark"], row["since_mark"]) == ("ongoing", "open", None)


def test_causes_that_differ_in_an_id_are_one_issue_and_others_another() -> None:
    tries = [
        failing(n, 0, "Declined", cause=cause)
        for n, cause in enumerate(["card <id> blocked", "card <id> blocked", "card kjwqx blocked", "no card"], start=1)
    ]
    rows = answer("issues", executions=[{}] * 4, attempts=tries, now_ms=NOW)
    assert picked(rows, "cause", "executions") == [("card <id> blocked", 3), ("no card", 1)]


def test_a_resolved_issue_stands_below_and_is_open_again_when_it_comes_back() -> None:
    tries = [failing(1, 0, "Old"), failing(2, 3, "Back")]
    runs = [{}, {"started_at": OCTOBER + 3 * DAY}]
    ids = [issue_id("orders", "us-east-1", "111122223333", "Charge", error, None) for error in ("Old", "Back")]
    marks = pd.DataFrame({"issue": ids, "mark": "resolved", "until_executions": None, "marked_at": OCTOBER + DAY})
    marks = marks.astype({"issue": "string", "mark": "string", "until_executions": "Int64", "marked_at": "Int64"})
    rows = answer("issues", executions=runs, attempts=tries, now_ms=NOW, records=Records(given={"issue_marks": marks}))
    assert picked(rows, "issue", "mark", "since_mark") == [(ids[1], "open", 1), (ids[0], "resolved", 0)]


def test_a_month_without_failures_has_no_issues() -> None:
    assert answer("issues", executions=day(0), attempts=[{}], now_ms=NOW) == []
