from __future__ import annotations

import inspect

import pytest

from collectors.api import Api
from collectors.aws import AwsApi
from collectors.job import _Unconnected
from collectors.replay import Replay
from tests.collectors.world import World


@pytest.mark.parametrize("kind", [AwsApi, Replay, World, _Unconnected])
def test_whatever_stands_for_aws_is_called_alike(kind: type[Api]) -> None:
    assert inspect.signature(kind.call).parameters == inspect.signature(Api.call).parameters
