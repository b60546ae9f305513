from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.metric_queries import metrics_wanted
from collectors.sources import is_chosen, metrics, sources
from store.errors import CredentialsError, CutAnswerError, ThrottledError, UnreachableError
from store.folder import Store
from tests.collectors.kept import collected, memory_store, rows
from tests.collectors.metric_world import MetricWorld
from tests.collectors.world import DAY

HOUR = 3_600_000
STANDARD = metrics_wanted(["STANDARD"])
ONE_MACHINE = STANDARD - metrics_wanted([])


@pytest.fixture
def store() -> Store:
    return memory_store()


@pytest.fixture
def world() -> MetricWorld:
    return MetricWorld()


def read(store: Store, world: MetricWorld, **options: Any) -> Any:
    return collected(store, world, only=("metrics",), **options)


def points(store: Store, metric: str = "ExecutionsStarted", stat: str = "Sum") -> list[tuple[Any, ...]]:
    query = """SELECT m.arn, p.at * 1000, p.period_s, p.value FROM metric_points p JOIN metric_series s
        ON s.id = p.series_id LEFT JOIN machines m ON m.id = s.machine_id WHERE s.metric = ? AND s.stat = ?
        ORDER BY 1, 2"""
    return list(store.db.execute(query, [metric, stat]))


def hour_of(at: int) -> int:
    return at // HOUR * HOUR


def test_it_has_its_turn_only_when_it_is_named() -> None:
    assert metrics in sources()
    assert not is_chosen(metrics, ())
    assert is_chosen(metrics, ("metrics",))


def test_values_are_kept_as_far_back_as_cloudwatch_has_them(store: Store, world: MetricWorld) -> None:
    orders = world.machine()
    then = world.now
    world.count("ExecutionsStarted", orders, 3)
    world.count("OpenExecutionCount", value=7)
    world.now += 200 * DAY
    assert read(store, world).outcome == "complete"
    assert points(store) == [(orders, hour_of(then), 3_600, 3.0)]
    assert points(store, "OpenExecutionCount", "Maximum") == [(None, hour_of(then), 3_600, 7.0)]


def test_no_machine_is_counted_under_two_sets_of_dimensions(store: Store, world: MetricWorld) -> None:
    world.machine()
    world.machine("빠른", "EXPRESS")
    read(store, world)
    asked = [
        (
            query["MetricStat"]["Metric"]["MetricName"],
            query["MetricStat"]["Stat"],
            tuple((one["Name"], one["Value"]) for one in query["MetricStat"]["Metric"]["Dimensions"]),
        )
        for call in world.sent
        for query in call["MetricDataQueries"]
    ]
    assert len({name for *_, dimensions in asked for name, _ in dimensions} - {"StateMachineArn"}) == 2
    assert {name for *_, dimensions in asked for name, _ in dimensions}.isdisjoint({"Version", "Alias"})
    assert {stat for name, stat, _ in asked if name.startswith("Executions")} == {"Sum"}


def test_a_call_asks_for_no_more_than_it_is_answered(store: Store, world: MetricWorld) -> None:
    for number in range(60):
        world.machine(f"m{number}")
    read(store, world)
    first = len(world.sent)
    assert first == -(-(60 * ONE_MACHINE + metrics_wanted([])) // 9)  # 455 days have 10,920 hours: 9 series a call
    assert max(len(call["MetricDataQueries"]) for call in world.sent) == 9
    world.now += DAY
    read(store, world)
    assert len(world.sent) - first == 2  # 27 hours of 675 series: 500 and the rest
    assert sum(len(call["MetricDataQueries"]) for call in world.sent[first:]) == 60 * ONE_MACHINE + metrics_wanted([])


def test_an_idle_pass_asks_for_nothing_that_costs(store: Store, world: MetricWorld) -> None:
    world.machine()
    read(store, world)
    before = world.calls["GetMetricData"]
    world.now += HOUR
    read(store, world)
    assert world.calls["GetMetricData"] == before
    read(store, world, metrics_every_ms=HOUR)
    assert world.calls["GetMetricData"] > before


def test_what_arrives_late_is_brought_up_to_date_and_not_added(store: Store, world: MetricWorld) -> None:
    orders = world.machine()
    world.now = hour_of(world.now) + HOUR // 2
    world.count("ExecutionsStarted", orders)
    world.now += HOUR
    read(store, world)
    world.counted["ExecutionsStarted", orders].append((world.now - HOUR, 4.0))
    world.now += HOUR
    read(store, world, metrics_every_ms=HOUR)
    assert [value for *_, value in points(store)] == [5.0]


def test_finer_periods_are_as_fine_as_their_age_allows(store: Store, world: MetricWorld) -> None:
    orders = world.machine()
    begun = world.now
    for age in (100, 40, 3):
        world.now = begun - age * DAY
        world.count("ExecutionsStarted", orders)
    world.now = begun
    read(store, world, metrics_period_s=60)
    assert [period for _, _, period, _ in points(store)] == [3_600, 300, 60]


def test_another_period_counts_nothing_twice(store: Store, world: MetricWorld) -> None:
    orders = world.machine()
    world.now = hour_of(world.now) + HOUR // 3
    world.count("ExecutionsStarted", orders, 2)
    world.now += 2 * HOUR
    read(store, world)
    read(store, world, metrics_period_s=60, metrics_every_ms=0)
    assert [(period, value) for _, _, period, value in points(store)] == [(60, 2.0)]


def test_pages_are_put_together_and_each_is_charged(store: Store, world: MetricWorld) -> None:
    orders = world.machine()
    world.count("ExecutionsStarted", orders)
    world.now += DAY
    world.answers = 5
    read(store, world, priced=lambda region, metrics: f"{metrics} coins in {region}")
    assert len(points(store)) == 1
    requested = sum(len(call["MetricDataQueries"]) for call in world.sent)
    assert requested > STANDARD
    assert rows(store, "metric_requests")[0]["metrics"] == requested
    (sentence,) = (row["sentence"] for row in rows(store, "coverage"))
    assert sentence == f"{requested} metrics requested of CloudWatch for {requested} coins in ap-northeast-2"


@pytest.mark.parametrize(("status", "outcome"), [("Forbidden", "denied"), ("InternalError", "failed")])
def test_what_is_not_whole_is_said_and_asked_for_again(
    store: Store, world: MetricWorld, status: str, outcome: str
) -> None:
    orders = world.machine()
    world.count("ExecutionsStarted", orders)
    world.now += DAY
    world.statuses = {"ExecutionsStarted": status}
    result = read(store, world)
    assert result.outcome == "partial"
    assert result.problems == (f"target-0: CloudWatch answered {status} to metrics",)
    assert [row["outcome"] for row in rows(store, "coverage")] == [outcome]
    assert points(store) == []
    world.statuses = {}
    world.sent.clear()
    assert read(store, world).outcome == "complete"
    assert len(points(store)) == 1
    assert sum(len(call["MetricDataQueries"]) for call in world.sent) == 1


def test_beside_the_others_it_lists_no_machine_again(store: Store, world: MetricWorld) -> None:
    world.machine()
    collected(store, world, only=("standard", "metrics"))
    assert world.calls["ListStateMachines"] == 1


FAILURES = (CredentialsError, UnreachableError, ThrottledError, CutAnswerError, KeyboardInterrupt)
breaks = st.tuples(st.integers(0, 8), st.sampled_from(FAILURES), st.integers(0, 40))


@given(st.lists(breaks, min_size=1, max_size=5))
def test_however_it_is_interrupted_the_store_ends_as_one_clean_pass(story: list[tuple[int, Any, int]]) -> None:
    world, store, clean = MetricWorld(), memory_store(), memory_store()
    orders = world.machine()
    for calls, failure, hours in story:
        world.count("ExecutionsStarted", orders)
        world.now += hours * HOUR
        left = calls

        def on_call(operation: str, parameters: dict[str, Any], failure: Any = failure) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise failure("as the story wants")

        world.on_call = on_call
        read(store, world, metrics_every_ms=HOUR)
    world.on_call = lambda operation, parameters: None
    world.now += HOUR
    read(store, world, metrics_every_ms=0)
    read(clean, world)
    assert points(store) == points(clean)
    for one in (store, clean):
        one.close()
