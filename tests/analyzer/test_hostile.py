"""Histories that no execution ever had: whatever JSON, of whatever shape, in bounded time."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.history import folded
from analyzer.rows import rows_of
from store.errors import HistoryUnreadableError
from store.events import EVENTS, Event, decoded_events
from store.histories import packed, unpacked
from tests.analyzer.histories import KEPT, cause_at, details_key
from tests.analyzer.shapes import SHAPES, shaped
from tests.analyzer.test_tables import kept, tables

# Whatever JSON

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(["", "3", "²", "9" * 5_000, "2026-01-01T00:00:00Z", "0001-01-01T00:00:00+23:59", "1e5", "nan"]),
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3))
TYPES = [*EVENTS, "Strange", "", "Unknown"]


def plausible(random: Random, number: int) -> dict[str, Any]:
    """An event that could stand in a history, of any type, pointing anywhere."""
    event_type = random.choice(TYPES)
    details = {
        "name": random.choice("abc"),
        "state": random.choice("abc"),
        "index": random.randrange(12),
        "error": random.choice([None, "Broken"]),
        "cause": random.choice([None, cause_at(random.choice("abc"), random.randrange(12))]),
        "resource": random.choice([None, "invoke"]),
        "mapRunArn": "arn:run",
    }
    prev = random.choice([number - 1, random.randrange(12)])
    event = {"id": number, "previousEventId": prev, "timestamp": number, "type": event_type}
    return event | ({details_key(event_type or "x"): details} if random.random() < 0.8 else {})


def plausible_history(length: int, seed: int) -> list[dict[str, Any]]:
    random = Random(seed)
    return [plausible(random, number) for number in range(1, length + 1)]


HISTORIES = st.builds(plausible_history, st.integers(1, 30), st.integers(0, 2**32))


@st.composite
def spoilt_events(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The same with some members missing or anything at all."""
    events = draw(HISTORIES)
    for event in draw(st.lists(st.sampled_from(events), max_size=3)):
        name = draw(st.sampled_from([*event, "timestamp", "id"]))
        if draw(st.booleans()):
            event.pop(name, None)
        else:
            event[name] = draw(JSON)
    return events


def told(events: list[Event]) -> None:
    """Fold and make rows and tables of them, as an import does."""
    blob = packed(events, str)
    rows_of(KEPT, folded(unpacked(blob)), lambda *_: (None, None, None), {}, is_billed_by_transition=True)


MANY = settings(max_examples=3 * settings().max_examples)


@MANY
@given(HISTORIES)
def test_any_sequence_of_events_is_folded(events: list[dict[str, Any]]) -> None:
    told(decoded_events(json.dumps(events).encode()))
    tables([kept(1, events)])


@MANY
@given(spoilt_events())
def test_any_spoilt_history_is_folded_or_refused(events: list[dict[str, Any]]) -> None:
    try:
        decoded = decoded_events(json.dumps(events).encode())
        blob = packed(decoded, str)
    except HistoryUnreadableError:
        return
    run = folded(unpacked(blob))
    assert run.event_count <= len(events)
    tables([KEPT._replace(events=blob)])


@given(JSON)
def test_any_json_is_events_or_is_refused(value: Any) -> None:
    with suppress(HistoryUnreadableError):
        told(decoded_events(json.dumps(value).encode()))


# In bounded time


@pytest.mark.parametrize("shape", SHAPES)
def test_a_history_of_any_shape_costs_in_proportion_to_its_length(shape: str) -> None:
    """Four times the events cost four times as much; what searches through all that went before costs sixteen times."""
    short, long = (cost(shaped(shape, events)) for events in (3_000, 12_000))
    assert long < 10 * max(short, 0.002), (short, long)


def cost(events: list[dict[str, Any]]) -> float:
    """Seconds of processor time to fold the events and make rows of them, the least of three."""
    decoded = decoded_events(json.dumps(events).encode())
    return min(_cost(decoded) for _ in range(3))


def _cost(events: list[Event]) -> float:
    began = time.process_time()
    rows_of(KEPT, folded(events), lambda *_: (None, None, None), {}, is_billed_by_transition=True)
    return time.process_time() - began


@pytest.mark.parametrize("shape", SHAPES)
def test_the_longest_history_that_aws_keeps_of_any_shape_is_folded(shape: str) -> None:
    run = folded(decoded_events(json.dumps(shaped(shape, 25_000)).encode()))
    assert run.event_count > 20_000
