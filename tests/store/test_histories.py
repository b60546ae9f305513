from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from store.errors import StoreDamagedError
from store.events import Event, known_events
from store.histories import CAUSE_CHARS, assembled, packed, structure_events, taken_apart, unpacked

RECORDINGS = Path(__file__).parents[2] / "sample_data" / "recordings.jsonl.zst"


def history(*, at: int = 1_700_000_000_000, cause: str = "보관 실패: card 4111") -> list[dict[str, Any]]:
    return [
        {"id": 1, "type": "ExecutionStarted", "timestamp": at, "previousEventId": 0},
        {
            "id": 2,
            "type": "TaskStateEntered",
            "timestamp": at + 5,
            "previousEventId": 0,
            "stateEnteredEventDetails": {"name": "주문 검증", "input": '{"secret": 1}'},
        },
        {
            "id": 3,
            "type": "ExecutionFailed",
            "timestamp": at + 5,
            "previousEventId": 2,
            "executionFailedEventDetails": {"error": "Broken", "cause": cause},
        },
    ]


def same(text: str) -> str:
    return text


def test_a_history_comes_back_as_it_was() -> None:
    again = unpacked(packed(known_events(history()), same))
    assert again == known_events(history())


def test_payloads_are_not_kept() -> None:
    assert b"secret" not in zstandard.ZstdDecompressor().decompress(_plain(packed(known_events(history()), same)))


def _plain(blob: bytes) -> bytes:
    """The same history without the dictionary, which would make any word of it unreadable here."""
    part = taken_apart(blob)
    return zstandard.ZstdCompressor().compress(assembled(part.structure, part.times, part.causes))


def test_events_are_kept_by_id_in_whatever_order_they_come() -> None:
    assert unpacked(packed(known_events(history()[::-1]), same)) == known_events(history())


def test_executions_that_differ_in_times_and_causes_share_a_structure() -> None:
    one = taken_apart(packed(known_events(history()), same))
    other = taken_apart(packed(known_events(history(at=1_800_000_000_000, cause="timeout after 3 s")), same))
    assert one.structure == other.structure
    assert (one.times, one.causes) != (other.times, other.causes)


def test_the_state_that_aws_names_in_a_cause_belongs_to_the_structure() -> None:
    cause = "An error occurred while executing the state '주문 검증' (entered at the event id #2). No such path."
    part = taken_apart(packed(known_events(history(cause=cause)), same))
    assert structure_events(part.structure)[2].d.cause == cause.partition(". No")[0]
    assert part.events()[2].d.cause == cause


def test_times_of_a_structure_are_positions() -> None:
    part = taken_apart(packed(known_events(history()), same))
    assert [event.at for event in structure_events(part.structure)] == [0, 1, 2]


def test_causes_are_shortened_and_cleaned() -> None:
    cleaned = unpacked(packed(known_events(history(cause="x" * 40_000)), str.upper))
    assert cleaned[2].d.cause == "X" * CAUSE_CHARS


@given(st.lists(st.integers(0, 2**45), min_size=3, max_size=3), st.text(min_size=1, max_size=300))
def test_any_times_and_any_cause_survive(times: list[int], cause: str) -> None:
    given_events = [{**event, "timestamp": str(at)} for event, at in zip(history(cause=cause), times, strict=True)]
    events = unpacked(packed(known_events(given_events), same))
    assert [event.at for event in events] == times
    assert events[2].d.cause == cause


@pytest.mark.parametrize("blob", [b"", b"no history", zstandard.compress(b"[]"), zstandard.compress(b"{}\n{}")])
def test_bytes_that_are_no_history_are_said_to_be_damaged(blob: bytes) -> None:
    with pytest.raises(StoreDamagedError, match="cannot be read"):
        unpacked(blob)


def test_recorded_histories_take_little_room() -> None:
    """The dictionary must never change: stored histories name it by its id. A new one would fail here."""
    lines = zstandard.ZstdDecompressor().stream_reader(RECORDINGS.read_bytes()).read().splitlines()
    members = [member for line in lines for member in json.loads(line).get("members", ()) if "events" in member]
    histories: list[list[Event]] = [known_events(member["events"]) for member in members]
    blobs = [packed(events, same) for events in histories]
    assert zstandard.get_frame_parameters(blobs[0]).dict_id == DICTIONARY_ID
    assert sum(map(len, blobs)) < 12 * sum(map(len, histories))


DICTIONARY_ID = 800_998_524
