from __future__ import annotations

from analyzer.limits import api_quota, day_reached, level, start_quota, transition_quota


def test_warning_at_80_percent_critical_at_90() -> None:
    assert [level(share) for share in (0.0, 0.799, 0.8, 0.899, 0.9, 2.0)] == [
        "ok",
        "ok",
        "warning",
        "warning",
        "critical",
        "critical",
    ]


def test_a_line_that_rises_reaches_its_limit_on_a_day() -> None:
    assert day_reached(range(100, 110), [10.0 * n for n in range(10)], 200) == 120


def test_what_does_not_rise_for_sure_reaches_nothing() -> None:
    assert day_reached(range(10), [5.0] * 10, 200) is None
    assert day_reached(range(10), [9.0, 1, 8, 2, 9, 1, 8, 2, 9, 3], 200) is None
    assert day_reached(range(6), [10.0 * n for n in range(6)], 200) is None
    assert day_reached(range(10), [0.01 * n for n in range(10)], 25_000) is None, "in no more than a year"


def test_quotas_are_higher_in_the_large_regions() -> None:
    assert transition_quota("us-east-1").per_minute == 305_000
    assert transition_quota("ap-northeast-2").per_minute == 48_800
    assert start_quota("eu-west-1").per_minute == 19_300


def test_quotas_of_operations_and_of_those_not_known() -> None:
    assert api_quota("ListExecutions", "us-east-1") == (200, 5)
    assert api_quota("ListExecutions", "eu-central-1") == (100, 2)
    assert api_quota("TagResource", "us-east-1") is None
