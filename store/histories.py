"""The stored form of a history: its structure apart from its times and texts.

Executions of one machine repeat a few structures over and over; only their times and the texts of their causes
differ. Kept apart, the structure compresses to almost nothing and is folded once, however many executions share it.

    structure  JSON array of events in the API's own spelling, without times, without payloads
    newline
    details    JSON: `at`, the first time and the steps to each next one, in milliseconds; `causes` by position
"""

from __future__ import annotations

import operator
import re
import threading
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

import msgspec
import zstandard

from store.dictionary import history_dictionary
from store.errors import HistoryUnreadableError, StoreDamagedError
from store.events import DETAILS, EVENTS, Evaluation, Event, Failure, decoded_events, milliseconds

CAUSE_CHARS = 2_000
"""How much of a cause is kept: AWS allows 32,768 characters, most of them stack trace."""

_NAMES_ITS_STATE = re.compile(r"An error occurred while executing the state '.*' \(entered at the event id #\d+\)")
"""What AWS writes at the start of the cause of an error of its own: it tells where, and so belongs to the structure."""

_WITH_CAUSE = frozenset(
    EVENTS[name]
    for name, details in DETAILS.items()
    if details in (Failure, Evaluation) and not name.endswith("Succeeded")
)


class History(NamedTuple):
    """A stored history, taken apart: `times` and `causes` go by the position of an event, from 0."""

    structure: bytes
    times: list[int]
    causes: dict[int, str]

    def events(self) -> list[Event]:
        """The events whole again."""
        events = structure_events(self.structure)
        for event, at in zip(events, self.times, strict=True):
            event.at = at
        for position, cause in self.causes.items():
            events[position].d.cause = cause
        return events


class _Details(msgspec.Struct, omit_defaults=True, gc=False):
    at: list[int]
    causes: dict[int, str] = {}


_details_decoder = msgspec.json.Decoder(_Details, strict=False)
_encoder = msgspec.json.Encoder()
_codecs = threading.local()


def structure_events(structure: bytes) -> list[Event]:
    """The events of a structure; their times are their positions, which order them as their times do."""
    events = decoded_events(structure)
    for position, event in enumerate(events):
        event.at = position
    return events


def packed(events: Sequence[Event], clean: Callable[[str], str]) -> bytes:
    """The stored form of events, which are used up by it. Each cause is shortened and passed to `clean`."""
    return compressed(stored(events, clean))


def compressed(content: bytes) -> bytes:
    """The stored form, given what it is before compression."""
    return _compressor().compress(content)


def stored(events: Sequence[Event], clean: Callable[[str], str]) -> bytes:
    """The stored form before compression."""
    ordered = _by_id(events)
    times = [milliseconds(event.at) for event in ordered]
    structure, causes = taken_from(ordered, clean)
    return assembled(structure, times, causes)


def taken_from(events: Sequence[Event], clean: Callable[[str], str]) -> tuple[bytes, dict[int, str]]:
    """The structure and the causes of events in the order of their ids; their times have to be taken before."""
    causes = {} if _WITH_CAUSE.isdisjoint(map(type, events)) else _causes_taken(events, clean)
    for event in events:
        event.at = 0.0
    return _encoder.encode(events), causes


def assembled(structure: bytes, times: Sequence[int], causes: dict[int, str]) -> bytes:
    """The stored form of a structure with these times and causes, before compression."""
    steps = [*times[:1], *map(operator.sub, times[1:], times)]
    return b"\n".join((structure, _encoder.encode(_Details(steps, causes))))


def _causes_taken(events: Sequence[Event], clean: Callable[[str], str]) -> dict[int, str]:
    return {
        position: _cause_taken(event, clean)
        for position, event in enumerate(events)
        if event.__class__ in _WITH_CAUSE and event.d is not None and event.d.cause
    }


def _by_id(events: Sequence[Event]) -> Sequence[Event]:
    ids = [event.id for event in events]
    return events if ids == sorted(ids) else sorted(events, key=lambda event: event.id)


def _cause_taken(event: Event, clean: Callable[[str], str]) -> str:
    cause: str = event.d.cause
    names = _NAMES_ITS_STATE.match(cause)
    event.d.cause = names[0] if names else None
    return clean(cause[:CAUSE_CHARS])


def taken_apart(blob: bytes) -> History:
    """A stored history in its parts. Raises `StoreDamagedError` when the bytes are not one."""
    try:
        structure, _, details = _decompressor().decompress(blob).partition(b"\n")
        known = _details_decoder.decode(details)
    except (zstandard.ZstdError, msgspec.DecodeError) as error:
        raise StoreDamagedError(f"a stored history cannot be read: {error}", "Run `stepscope store check`.") from error
    return History(structure, list(accumulate(known.at)), known.causes)


def unpacked(blob: bytes) -> list[Event]:
    """The events of a stored history, by id. Raises `StoreDamagedError` when the bytes are not one."""
    try:
        return taken_apart(blob).events()
    except HistoryUnreadableError as error:
        raise StoreDamagedError(f"a stored history cannot be read: {error}", "Run `stepscope store check`.") from error


def _compressor() -> zstandard.ZstdCompressor:
    """This thread's compressor: zstandard's contexts must not be shared."""
    known: zstandard.ZstdCompressor | None = getattr(_codecs, "compressor", None)
    if known is None:
        known = _codecs.compressor = zstandard.ZstdCompressor(level=1, dict_data=history_dictionary())
    return known


def _decompressor() -> zstandard.ZstdDecompressor:
    known: zstandard.ZstdDecompressor | None = getattr(_codecs, "decompressor", None)
    if known is None:
        known = _codecs.decompressor = zstandard.ZstdDecompressor(dict_data=history_dictionary())
    return known
