from __future__ import annotations

import os

from commands.workers import workers


def test_nothing_is_started_when_nothing_is_wanted() -> None:
    with workers(wanted=False) as pool:
        assert pool is None


def test_work_is_done_in_another_process() -> None:
    with workers(wanted=True) as pool:
        assert pool is not None
        assert pool.submit(os.getpid).result() != os.getpid()
