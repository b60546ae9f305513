"""Times as AWS writes them, many at once: one by one they would cost as much as decoding the events they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pyarrow as pa

from store.events import FIRST_EPOCH_MS, LAST_MS, Time, time_ms

NS_PER_MS = 1_000_000


def times_ms(times: Sequence[Time]) -> list[int]:
    """`time_ms` of each. Raises `HistoryUnreadableError` when one of them is not a time."""
    kinds = set(map(type, times))
    if kinds == {str}:
        return _of_texts(cast("Sequence[str]", times))
    if kinds == {float}:
        return _of_seconds(times)
    if kinds == {int}:
        return _of_milliseconds(cast("Sequence[int]", times))
    return _one_by_one(times)


def _of_texts(times: Sequence[str]) -> list[int]:
    """Milliseconds of ISO 8601 texts, with or without a zone; one without is UTC."""
    try:
        return _of_zoned(times)
    except ValueError:
        pass  # some name no zone, or are written in another way
    try:
        return _of_zoned([text if text[-1:] == "Z" or text[-6:-5] in ("+", "-") else text + "Z" for text in times])
    except ValueError:
        return _one_by_one(times)


def _of_zoned(times: Sequence[str]) -> list[int]:
    moments = _texts(times).cast(pa.timestamp("ns", "UTC"))
    nanoseconds = np.frombuffer(moments.buffers()[1], np.int64, len(times))
    if nanoseconds.min() < 0:
        raise pa.ArrowInvalid("a time before 1970")
    return _numbers((nanoseconds + NS_PER_MS // 2) // NS_PER_MS)


def _texts(times: Sequence[str]) -> Any:
    """The texts as Arrow has them: one after the other, and where each begins.

    `pyarrow.array` would load pandas, to see whether it is in use.
    """
    letters = "".join(times).encode()
    ends = np.cumsum([0, *map(len, times)], dtype=np.int32)
    if ends[-1] != len(letters):
        raise pa.ArrowInvalid("a time with letters that no time has")
    return pa.StringArray.from_buffers(len(times), pa.py_buffer(ends), pa.py_buffer(letters))


def _of_seconds(times: Sequence[Time]) -> list[int]:
    """Milliseconds of epoch seconds; numbers too great to be that are milliseconds already."""
    seconds = np.asarray(times, np.float64)
    if not (seconds.min() >= 0 and seconds.max() < FIRST_EPOCH_MS):  # as it stands, for what is no number too
        return _one_by_one(times)
    return _numbers((seconds * 1000 + 0.5).astype("int64"))


def _of_milliseconds(times: Sequence[int]) -> list[int]:
    """Epoch milliseconds, as log records have them; numbers too small to be that are seconds."""
    return list(times) if min(times) >= FIRST_EPOCH_MS and max(times) < LAST_MS else _one_by_one(times)


def _one_by_one(times: Sequence[Time]) -> list[int]:
    return [time_ms(at) for at in times]


def _numbers(array: Any) -> list[int]:
    return cast("list[int]", array.tolist())
