from __future__ import annotations

from dashboard import answers
from dashboard.attention import Looked, by_machine, points
from dashboard.filters import Filters
from store.passes import CoverageRow
from tests.dashboard.answered import HOSTILE, NOW, answered, nothing

DAYS = answered("executions_by_day")
NOW_TOTALS = answers.totals(DAYS)
WELL = CoverageRow(1, "t", 1, "standard", "complete")
DENIED = CoverageRow(1, "t", 2, "standard", "denied")


def told(coverage: list[CoverageRow]) -> dict[str, str]:
    looked = Looked(DAYS, answered("failure_hotspots"), answered("retry_rates"), coverage)
    return {point.page: point.sentence for point in reversed(points(NOW_TOTALS, None, looked, Filters(), NOW))}


def test_the_most_pressing_comes_first() -> None:
    looked = Looked(DAYS, answered("failure_hotspots"), answered("retry_rates"), [DENIED])
    pages = [point.page for point in points(NOW_TOTALS, None, looked, Filters(), NOW)]
    assert pages[0] == "failures"
    assert pages[-1] == "collection"


def test_each_point_has_a_number_and_a_name() -> None:
    sentences = told([WELL])
    assert "made 2 executions fail with `CardDeclined`" in sentences["failures"]
    assert "1 retry" in sentences["retries"]
    assert r"\$0.00013" in sentences["cost"]


def test_only_what_was_not_got_is_told_of_collecting() -> None:
    assert "collection" not in told([WELL])
    assert "1 of 2 listings whole: denied" in told([WELL, DENIED])["collection"]


def test_nothing_happened_is_no_point() -> None:
    looked = Looked(
        nothing("executions_by_day"), nothing("failure_hotspots"), nothing("retry_rates"), list[CoverageRow]()
    )
    assert points(answers.totals(looked.days), None, looked, Filters(), NOW) == []


def test_machines_are_summed_over_days_and_rated_anew() -> None:
    machines = by_machine(DAYS).set_index("machine")
    assert machines.loc["orders", "executions"] == 5
    assert machines.loc["orders", "failure_rate"] == 2 / 4
    assert machines.loc["orders", "masked_failure_rate"] == 1 / 2
    assert machines.loc[HOSTILE, "failure_rate"] == 1


def test_a_machine_that_ended_nothing_has_no_rate() -> None:
    running = by_machine(answered("executions_by_day", [{"status": "RUNNING"}]))
    assert running["failure_rate"].isna().all()


def test_a_sum_of_costs_of_which_none_is_known_is_not_known() -> None:
    unknown = by_machine(answered("executions_by_day", [{"cost_usd": None}]))
    assert unknown["cost_usd"].isna().all()
