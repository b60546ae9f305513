"""However passes over logs are interrupted, and however late records arrive: the end is that of one clean pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store.errors import CredentialsError, CutAnswerError, ThrottledError, UnreachableError
from tests.collectors.kept import collected, image, memory_store, what_is_known
from tests.collectors.log_world import LogWorld

MINUTE = 60_000
WAITS = (1_000, 2 * MINUTE, 25 * MINUTE, 2 * 1_440 * MINUTE)
DELAYS = (0, 1_000, 8 * MINUTE)


class Killed(BaseException):
    """The process ends here, and nothing after it happens."""


FAILURES = (CredentialsError, UnreachableError, ThrottledError, CutAnswerError, KeyboardInterrupt, Killed)

runs = st.tuples(st.integers(0, 1), st.booleans(), st.lists(st.sampled_from(DELAYS), min_size=1, max_size=3))
broken = st.tuples(st.integers(1, 7), st.sampled_from(FAILURES))
rounds = st.tuples(
    st.lists(runs, max_size=3), st.sampled_from(WAITS), st.one_of(st.just((0, KeyboardInterrupt)), broken)
)


class Story:
    """Two machines that share a log group, and a store that passes over it fill."""

    def __init__(self, page: int, *, has_empty_pages: bool) -> None:
        self.world = LogWorld(page=page, has_empty_pages=has_empty_pages)
        self.machines = [self.world.express(name) for name in ("하나", "둘")]
        self.store = memory_store()
        self.since = self.world.now - 1

    def happen(self, happened: Sequence[tuple[int, bool, list[int]]]) -> None:
        for number, fails, delays in happened:
            self.world.logged(self.machines[number], fails=fails, delays=delays)

    def run_pass(self, calls: int, failure: type[BaseException]) -> None:
        """A pass that from its call number `calls` on fails."""
        left, killed = calls, b""

        def on_call(operation: str, parameters: dict[str, Any]) -> None:
            nonlocal left, killed
            left -= 1
            if left > 0 or calls == 0:
                return
            if failure is Killed:
                killed = killed or image(self.store)
            raise failure("as the story wants")

        self.world.on_call = on_call
        try:
            collected(self.store, self.world, since=self.since)
        except Killed:
            self.store.close()
            self.store = memory_store(killed)
        self.world.on_call = lambda operation, parameters: None


@given(st.lists(rounds, min_size=1, max_size=5), st.sampled_from([1, 3, 1_000]), st.booleans())
def test_any_pattern_of_interruptions_ends_as_one_clean_pass(
    story: list[tuple[Any, ...]], page: int, has_empty_pages: bool
) -> None:
    told = Story(page, has_empty_pages=has_empty_pages)
    for happened, wait, how in story:
        told.happen(happened)
        told.world.now += wait
        told.run_pass(*how)
    told.world.now += max(DELAYS) + 2_000
    assert collected(told.store, told.world, since=told.since).outcome == "complete"
    clean = memory_store()
    assert collected(clean, told.world, since=told.since).outcome == "complete"
    assert what_is_known(told.store) == what_is_known(clean)
    told.store.close()
    clean.close()
