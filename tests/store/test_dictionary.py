from __future__ import annotations

import json
from pathlib import Path

import zstandard

from store import dictionary
from store.dictionary import DICTIONARY_BYTES, PATH, history_dictionary, trained


def histories(count: int = 300) -> list[bytes]:
    """Histories that say alike things of different states."""
    return [
        json.dumps(
            [
                {"type": "TaskStateEntered", "id": n, "stateEnteredEventDetails": {"name": f"주문 {number}-{n}"}}
                for n in range(1, 20)
            ]
        ).encode()
        for number in range(count)
    ]


def compressed_size(history: bytes, words: zstandard.ZstdCompressionDict | None) -> int:
    return len(zstandard.ZstdCompressor(level=1, dict_data=words).compress(history))


def test_what_was_compressed_with_the_dictionary_comes_back_with_it_alone() -> None:
    history = histories(1)[0]
    blob = zstandard.ZstdCompressor(dict_data=history_dictionary()).compress(history)
    assert zstandard.ZstdDecompressor(dict_data=history_dictionary()).decompress(blob) == history


def test_the_dictionary_is_small_and_ships_beside_its_module() -> None:
    assert PATH.parent.name == "store"
    assert 0 < PATH.stat().st_size <= DICTIONARY_BYTES


def test_it_knows_what_every_history_says() -> None:
    words = PATH.read_bytes()
    for word in (b"TaskStateEntered", b"stateExitedEventDetails", b"previousEventId", b"ExecutionSucceeded"):
        assert word in words


def test_a_short_history_takes_less_than_half_the_room() -> None:
    history = b'[{"type":"ExecutionStarted","id":1},{"type":"TaskStateEntered","id":2,"stateEnteredEventDetails":{}}]'
    assert compressed_size(history, history_dictionary()) < compressed_size(history, None) / 2


def test_a_dictionary_trained_on_histories_fits_histories_like_them() -> None:
    *known, unknown = histories()
    words = trained(known)
    assert len(words) <= DICTIONARY_BYTES
    assert compressed_size(unknown, zstandard.ZstdCompressionDict(words)) < compressed_size(unknown, None)


def test_it_is_trained_on_what_is_stored_of_recordings(tmp_path: Path) -> None:
    event = {
        "id": 1,
        "type": "PassStateEntered",
        "timestamp": 5,
        "stateEnteredEventDetails": {"name": "A", "input": "secret"},
    }
    lines = [{"name": "listed, never fetched"}, {"members": [{"events": [event]}, {"status": "RUNNING"}]}]
    path = tmp_path / "recordings.jsonl.zst"
    path.write_bytes(zstandard.compress("\n".join(map(json.dumps, lines)).encode()))
    [history] = dictionary._recorded([str(path)])
    assert b"PassStateEntered" in history
    assert b"secret" not in history
