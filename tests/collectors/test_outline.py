from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors import outline
from collectors.outline import Packer, Shape, map_runs_of, order_of, shape_of
from store.events import Event, known_events, milliseconds
from store.histories import unpacked
from tests.collectors.runs import history


def events(*kinds: str | tuple[int, str]) -> list[Event]:
    """Events of these types, numbered from 1 unless they say otherwise."""
    numbered = [kind if isinstance(kind, tuple) else (number, kind) for number, kind in enumerate(kinds, 1)]
    return known_events([{"id": n, "type": kind, "timestamp": 100.0 + n, "previousEventId": 0} for n, kind in numbered])


def seen(*kinds: str | tuple[int, str]) -> tuple[Any, ...]:
    shape = shape_of(events(*kinds))
    return shape.status, shape.end, shape.runs, shape.redrives, shape.is_whole


START, ENTERED, FAILED, REDRIVEN, DONE = (
    "ExecutionStarted",
    "PassStateEntered",
    "ExecutionFailed",
    "ExecutionRedriven",
    "ExecutionSucceeded",
)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ((START, ENTERED, DONE), ("SUCCEEDED", 2, 1, 0, True)),
        ((START, "ExecutionAborted"), ("ABORTED", 1, 1, 0, True)),
        ((START, "ExecutionTimedOut"), ("TIMED_OUT", 1, 1, 0, True)),
        ((START, ENTERED), (None, -1, 0, 0, False)),
        ((START, FAILED, REDRIVEN, ENTERED), (None, -1, 1, 1, False)),
        ((START, FAILED, REDRIVEN, ENTERED, DONE), ("SUCCEEDED", 4, 2, 1, True)),
        ((START, FAILED, FAILED), ("FAILED", 2, 2, 0, True)),
        (((2, ENTERED), (3, DONE)), ("SUCCEEDED", 1, 1, 0, False)),
        (((1, START), (3, DONE)), ("SUCCEEDED", 1, 1, 0, False)),
    ],
)
def test_the_last_ending_tells_the_status(kinds: tuple[Any, ...], expected: tuple[Any, ...]) -> None:
    assert seen(*kinds) == expected


def test_a_start_that_is_not_there_is_unknown() -> None:
    packed = Packer().packed(events((2, ENTERED), (3, DONE)), [5, 7])
    assert (packed.started_at, packed.stopped_at, packed.shape.last_id) == (None, 7, 3)


@given(st.permutations(range(7)), st.lists(st.integers(0, 6), max_size=5))
def test_the_order_and_repetition_of_events_do_not_matter(order: list[int], again: list[int]) -> None:
    straight = known_events(history(end="ExecutionFailed", cause="because of an e-mail to a@b.kr"))
    mixed = known_events(
        [history(end="ExecutionFailed", cause="because of an e-mail to a@b.kr")[n] for n in order + again]
    )
    packer = Packer()
    expected = packer.packed(straight, [milliseconds(event.at) for event in straight])
    assert packer.packed(mixed, [milliseconds(event.at) for event in mixed]) == expected
    assert unpacked(expected.blob)[-1].d.cause == "because of an e-mail to [e-mail]"


def test_masked_ids_are_kept_every_one() -> None:
    masked = events((0, ENTERED), (1, START), (0, ENTERED), (0, "PassStateExited"), (9, DONE))
    assert order_of(masked) == [0, 2, 3, 1, 4]
    packed = Packer().packed(masked, [1, 2, 3, 4, 5])
    assert packed.events == 5
    assert not packed.shape.is_whole


def test_a_shape_is_learnt_once_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline, "MOST_SHAPES", 2)
    learnt: list[int] = []

    def noted(found: list[Event]) -> Shape:
        learnt.append(len(found))
        return shape_of(found)

    monkeypatch.setattr(outline, "shape_of", noted)
    packer = Packer()
    for length in (1, 2, 1, 2, 3, 3):
        packer.packed(events(START, *[ENTERED] * length), list(range(length + 1)))
    assert learnt == [2, 3, 4]


def test_map_runs_are_named_with_their_redrives() -> None:
    started = {"type": "MapRunStarted", "mapRunStartedEventDetails": {"mapRunArn": "a"}}
    redriven = {"type": "MapRunRedriven", "mapRunRedrivenEventDetails": {"mapRunArn": "a", "redriveCount": 2}}
    named = [{"id": n, "timestamp": 1.0} | event for n, event in enumerate((started, redriven), 1)]
    assert map_runs_of(known_events(named)) == (("a", 2),)
