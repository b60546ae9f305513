from __future__ import annotations

from tests.analyzer.rows import Row
from tests.analyzer.rules.broken import findings

RUNS: list[Row] = [{"duration_ms": ms} for ms in range(0, 21_000, 1_000)]


def test_of_twenty_one_durations_the_second_longest_is_the_95th_percentile() -> None:
    [found] = findings("p95_duration", "p95_ms = 18_999", RUNS)
    assert (found.value, found.threshold, found.unit) == (19_000, 18_999, "ms")
    assert found.sentence == ("95 of 100 executions took up to 19,000 ms in the last 7 days; 18,999 ms are allowed.")


def test_what_keeps_within_is_no_finding() -> None:
    assert findings("p95_duration", "p95_ms = 19_000", RUNS) == []
