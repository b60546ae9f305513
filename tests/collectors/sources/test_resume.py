"""However passes are interrupted, whatever happens meanwhile: the store ends as one clean pass would have left it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import CredentialsError, CutAnswerError, ThrottledError, UnreachableError
from tests.collectors.kept import collected, image, memory_store, what_is_known
from tests.collectors.world import TERMINAL, World

MINUTE = 60_000
WAITS = (0, 1_000, 2 * MINUTE, 25 * MINUTE, 3 * 1_440 * MINUTE)
LAGS = (0, 90_000, 8 * MINUTE)


class Killed(BaseException):
    """The process ends here, and nothing after it happens."""


FAILURES = (CredentialsError, UnreachableError, ThrottledError, CutAnswerError, KeyboardInterrupt, Killed)

starts = st.tuples(st.just("start"), st.integers(1, 4))
ends = st.tuples(st.just("finish"), st.integers(0, 9), st.sampled_from(("FAILED", *TERMINAL)))
redrives = st.tuples(st.just("redrive"), st.integers(0, 9))
happenings = st.one_of(starts, ends, ends, redrives)
unbroken = st.just((0, KeyboardInterrupt, ()))
broken = st.tuples(st.integers(1, 12), st.sampled_from(FAILURES), st.lists(happenings, max_size=2))
rounds = st.tuples(st.lists(happenings, max_size=6), st.sampled_from(WAITS), st.one_of(unbroken, broken))


class Story:
    """A world in which things happen between passes, and a store that the passes fill."""

    def __init__(self, order: str, lag: int, page: int) -> None:
        self.world = World(order=order, lag_ms=lag, page=page)
        self.machine = self.world.machine()
        self.store = memory_store()

    def wait(self, ms: int) -> None:
        self.world.now += ms

    def start(self, count: int) -> None:
        for _ in range(count):
            self.world.start(self.machine)
            self.world.now += 1

    def finish(self, number: int, status: str) -> None:
        running = [run for run in self.world.runs.values() if run.marks[-1][1] in ("start", "redrive")]
        if running:
            self.world.now += 1
            self.world.finish(running[number % len(running)].arn, status)

    def redrive(self, number: int) -> None:
        since = self.world.now - 14 * 1_440 * MINUTE
        failed = [
            run
            for run in self.world.runs.values()
            if run.marks[-1][1] in ("FAILED", "TIMED_OUT", "ABORTED") and run.marks[-1][0] >= since
        ]
        if failed:
            self.world.now += 1
            self.world.redrive(failed[number % len(failed)].arn)

    def happen(self, happenings: Sequence[tuple[Any, ...]]) -> None:
        for name, *how in happenings:
            getattr(self, name)(*how)

    def run_pass(self, calls: int, failure: type[BaseException], meanwhile: Sequence[tuple[Any, ...]]) -> None:
        """A pass at whose call number `calls` something happens in the world, and after it the failure, for good."""
        left, killed = calls, b""

        def on_call(operation: str, parameters: dict[str, Any]) -> None:
            nonlocal left, killed
            left -= 1
            if left == 0:
                self.happen(meanwhile)
            if left > 0 or calls == 0:
                return
            if failure is Killed:
                killed = killed or image(self.store)
            raise failure("as the story wants")

        self.world.on_call = on_call
        try:
            collected(self.store, self.world, threads=1)
        except Killed:
            self.store.close()
            self.store = memory_store(killed)
        self.world.on_call = lambda operation, parameters: None


@pytest.mark.parametrize("order", ["start", "stop", "running first"])
@given(st.lists(rounds, min_size=2, max_size=6), st.sampled_from(LAGS), st.sampled_from([1, 2, 1_000]))
def test_any_pattern_of_interruptions_ends_as_one_clean_pass(
    order: str, story: list[tuple[Any, ...]], lag: int, page: int
) -> None:
    told = Story(order, lag, page)
    for happenings, wait, how in story:
        told.happen(happenings)
        told.wait(wait)
        told.run_pass(*how)
    told.wait(lag)
    assert collected(told.store, told.world).outcome == "complete"
    clean = memory_store()
    assert collected(clean, told.world).outcome == "complete"
    assert what_is_known(told.store) == what_is_known(clean)
    told.store.close()
    clean.close()
