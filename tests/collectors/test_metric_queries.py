from __future__ import annotations

from itertools import pairwise

from collectors.metric_queries import HOUR_MS, KEPT, Stretch, metrics_wanted, stretches
from store.migrations import MS_PER_DAY
from store.passes import Span

NOW = 1_700_000_000_000 // HOUR_MS * HOUR_MS


def test_hours_are_one_stretch_as_far_back_as_cloudwatch_goes() -> None:
    (stretch,) = stretches(0, NOW, 3_600, NOW)
    assert stretch.period_s == 3_600
    assert NOW - 455 * MS_PER_DAY < stretch.span.first < NOW - 454 * MS_PER_DAY
    assert stretch.span.last == NOW


def test_stretches_follow_one_another_and_none_is_older_than_its_period_is_kept() -> None:
    found = stretches(0, NOW, 60, NOW)
    assert [stretch.period_s for stretch in found] == [3_600, 300, 60]
    assert all(earlier.span.last == later.span.first for earlier, later in pairwise(found))
    assert all(stretch.span.first > NOW - age for stretch, (age, _) in zip(found, KEPT, strict=True))
    assert all(stretch.span.first % HOUR_MS == 0 for stretch in found)


def test_what_is_new_is_asked_for_alone() -> None:
    begin = NOW - 5 * HOUR_MS
    assert stretches(begin, NOW, 3_600, NOW) == [Stretch(Span(begin, NOW), 3_600)]
    assert stretches(NOW, NOW, 3_600, NOW) == []


def test_a_machine_has_eleven_metrics_and_an_account_fifteen() -> None:
    assert metrics_wanted([]) == 15
    assert metrics_wanted(["STANDARD", "EXPRESS"]) == 15 + 11 + 11
