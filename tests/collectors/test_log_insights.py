from __future__ import annotations

from typing import Any

import pytest

from collectors.log_insights import FIGURES, LATE_MS, counts_of, whole_days
from store.errors import RefusedError
from store.migrations import MS_PER_DAY
from store.queue import EXPRESS_LIMIT_MS

MACHINE = "arn:aws:states:eu-west-1:123456789012:express:fast"


class Told:
    """Answers what it was told to, in turn."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        self.asked.append(parameters)
        return {"queryId": "q"} if operation == "StartQuery" else self.answers.pop(0)


def result(**cells: str) -> list[dict[str, str]]:
    return [{"field": name, "value": value} for name, value in cells.items()]


def test_a_query_is_asked_after_until_it_is_complete() -> None:
    figures = dict(zip(FIGURES, ("3", "60.0", "20.2", "30", "31", "32"), strict=True))
    row = result(machine=MACHINE, succeeded="0", failed="1", timed_out="0", aborted="0", **figures)
    done = {"status": "Complete", "results": [row], "statistics": {"bytesScanned": 1_000.0}}
    api = Told({"status": "Scheduled", "results": []}, {"status": "Running", "results": []}, done)
    slept: list[float] = []
    counts = counts_of(api, "/group", 20_000, slept.append)
    assert len(slept) == 2
    assert counts.bytes_scanned == 1_000
    [count] = counts.rows
    assert count == (MACHINE.replace(":express:", ":stateMachine:"), "FAILED", (3, 60, 20, 30, 31, 32))
    assert (api.asked[0]["startTime"], api.asked[0]["endTime"]) == (20_000 * 86_400, 20_001 * 86_400 + 299)


@pytest.mark.parametrize("status", ["Failed", "Cancelled", "Timeout", "Unknown"])
def test_a_query_that_failed_counts_nothing(status: str) -> None:
    with pytest.raises(RefusedError, match=f"ended as {status}"):
        counts_of(Told({"status": status, "results": []}), "/group", 1, lambda seconds: None)


def test_a_day_is_counted_when_all_of_its_records_should_be_there() -> None:
    over = 10 * MS_PER_DAY + LATE_MS + EXPRESS_LIMIT_MS
    assert list(whole_days(8 * MS_PER_DAY + 5, over)) == [8, 9]
    assert list(whole_days(8 * MS_PER_DAY + 5, over - 1)) == [8]
    assert list(whole_days(10 * MS_PER_DAY, over)) == []
