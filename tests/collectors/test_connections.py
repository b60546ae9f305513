from __future__ import annotations

import inspect
import threading

import pytest

from collectors.api import Api
from collectors.aws import AwsApi
from collectors.connections import Connection, Meter
from collectors.job import _Unconnected
from collectors.replay import Replay
from tests.collectors.world import World


@pytest.mark.parametrize("kind", [AwsApi, Replay, World, _Unconnected])
def test_whatever_stands_for_aws_is_called_alike(kind: type[Api]) -> None:
    assert inspect.signature(kind.call).parameters == inspect.signature(Api.call).parameters


def test_a_meter_counts_for_any_number_of_threads_until_it_is_reset() -> None:
    meter = Meter()

    def ask() -> None:
        for _ in range(500):
            meter.sent("ListExecutions")
        meter.slowed()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (meter.calls, meter.throttled) == ({"ListExecutions": 2_000}, 4)
    meter.reset()
    assert (meter.calls, meter.throttled) == ({}, 0)


def test_a_recording_has_no_budget() -> None:
    assert Connection("sample", World(), Meter()).budget is None
