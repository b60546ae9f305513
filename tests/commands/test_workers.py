from __future__ import annotations

import os

import pytest

from commands.workers import workers


def test_nothing_is_started_when_nothing_is_wanted() -> None:
    with workers(wanted=False) as pool:
        assert pool is None


@pytest.mark.parametrize("is_first", [False, True])
def test_work_is_done_in_another_process(is_first: bool) -> None:
    with workers(wanted=True, is_first=is_first) as pool:
        assert pool is not None
        assert pool.submit(os.getpid).result() != os.getpid()
