from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.quota import Budget, Quota, TokenBucket, own_quota, published, quota_given
from store.errors import MisuseError


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self.lock:
            self.now += seconds


def test_published_quotas_know_the_large_regions() -> None:
    assert published("us-east-1")["ListExecutions"] == (200, 5)
    assert published("ap-northeast-2")["ListExecutions"] == (100, 2)
    assert published("ap-northeast-2")["GetExecutionHistory"] == (400, 20)


@pytest.mark.parametrize(
    ("share", "own"), [(1.0, (360, 19)), (0.95, (360, 19)), (0.9, (360, 18)), (0.5, (200, 10)), (0.0001, (1, 0.002))]
)
def test_a_margin_is_left_and_a_smaller_share_needs_none(share: float, own: tuple[float, float]) -> None:
    assert own_quota(Quota(400, 20), share) == pytest.approx(own)


def test_a_quota_is_written_as_bucket_and_refill() -> None:
    assert quota_given("GetExecutionHistory=5000/500") == ("GetExecutionHistory", Quota(5_000, 500))
    assert quota_given(" DescribeMapRun=10/0.5 ") == ("DescribeMapRun", Quota(10, 0.5))


@pytest.mark.parametrize(
    "text", ["", "GetExecutionHistory", "GetExecutionHistory=5", "=1/1", "StartExecution=5/5", "ListExecutions=0/1"]
)
def test_what_is_no_quota_is_misuse(text: str) -> None:
    with pytest.raises(MisuseError):
        quota_given(text)


@given(st.integers(1, 50), st.integers(1, 200), st.integers(0, 300))
def test_calls_never_pass_what_the_bucket_allows(size: int, refill: int, calls: int) -> None:
    time = Time()
    bucket = TokenBucket(Quota(size, refill), time, time.sleep)
    for taken in range(1, calls + 1):
        bucket.take()
        assert taken <= size + refill * time.now + 1e-6
    assert time.now == pytest.approx(max(0.0, (calls - size) / refill))


def test_the_time_to_come_is_known() -> None:
    time = Time()
    bucket = TokenBucket(Quota(10, 2), time, time.sleep)
    assert bucket.seconds_for(10) == 0
    assert bucket.seconds_for(30) == 10
    bucket.take()
    assert bucket.seconds_for(30) == 10.5


def test_threads_share_one_bucket() -> None:
    time = Time()
    budget = Budget("us-east-1", 1.0, {"ListExecutions": Quota(10, 100)}, time, time.sleep)

    def take() -> None:
        for _ in range(25):
            budget.take("ListExecutions")

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert budget.seconds_for("ListExecutions", 1) > 0


def test_an_operation_without_a_quota_is_not_paced() -> None:
    time = Time()
    budget = Budget("us-east-1", clock=time, sleep=time.sleep)
    for _ in range(10_000):
        budget.take("SomethingNew")
    assert time.now == 0
    assert budget.seconds_for("SomethingNew", 1_000) == 0


def test_reading_logs_is_paced_by_region() -> None:
    paces = [published(region)["FilterLogEvents"].refill for region in ("us-east-1", "ap-northeast-2", "eu-central-1")]
    assert paces == [25, 10, 5]
