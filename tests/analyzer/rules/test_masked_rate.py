from __future__ import annotations

from tests.analyzer.rows import Row
from tests.analyzer.rules.broken import findings

HALF: list[Row] = [{"masked_failure": True}, {"masked_failure": True}, {}, {}, {"status": "FAILED"}]


def test_half_of_what_succeeded_hides_a_failure() -> None:
    [found] = findings("masked_rate", "masked_rate = 0.4", HALF)
    assert (found.value, found.threshold, found.unit) == (0.5, 0.4, "rate")
    assert found.sentence.startswith("2 of 4 executions that succeeded (50.0%) hide a failure")


def test_as_many_as_may_be_are_no_finding() -> None:
    assert findings("masked_rate", "masked_rate = 0.5", HALF) == []
