"""Texts for a terminal: what strangers wrote without what a terminal would obey, and numbers as people read them."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

_KEPT = "\n\t"
_UNSEEN = frozenset("Cc Cf Zl Zp".split())
_JOINERS = "\u200c\u200d"


def plain(text: str) -> str:
    r"""The text without control characters and without those that turn the direction of writing.

    Names, errors and causes come from histories, and a terminal obeys escape sequences.

    >>> plain("\x1b[31mred\x1b[0m \u202egpj.exe 주문")
    '�[31mred�[0m �gpj.exe 주문'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if _obeyed(character) else character for character in text)


def _obeyed(character: str) -> bool:
    return character not in _KEPT + _JOINERS and unicodedata.category(character) in _UNSEEN


def json_text(value: Any) -> str:
    r"""A value as JSON that a person can read and a terminal does not obey: what it would obey is escaped, not lost.

    >>> print(json_text({"state": "주문 \u202e"}))
    {
     "state": "주문 \u202e"
    }
    """
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return "".join(json.dumps(character)[1:-1] if _obeyed(character) else character for character in text)


def first_line(text: str, width: int) -> str:
    """The first line of a text that says something, at most so many characters of it."""
    line = next((line.strip() for line in plain(text).splitlines() if line.strip()), "")
    return line if len(line) <= width else f"{line[: width - 1]}…"


def message_of(cause: str) -> str:
    """The message within a cause.

    Lambda writes a JSON document around it, with the type and the stack trace; Step Functions the whole description of
    a nested execution.

    >>> message_of('{"errorMessage": "no such order", "errorType": "KeyError"}'), message_of("no such order")
    ('no such order', 'no such order')
    """
    if not cause.startswith("{"):
        return cause
    try:
        told = json.loads(cause)
    except (ValueError, RecursionError):
        return cause
    messages = [told.get(name) for name in ("errorMessage", "Cause")]
    found = next((message for message in messages if isinstance(message, str) and message), None)
    return cause if found is None else message_of(found)


def counted(number: int, one: str, many: str = "") -> str:
    """A number and what is counted.

    >>> counted(1, "history", "histories"), counted(1_200, "line")
    ('1 history', '1,200 lines')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def duration(ms: int | None) -> str:
    """Milliseconds as a person says them; a dash when they are not known.

    >>> [duration(ms) for ms in (None, 0, 950, 1_500, 61_000, 5_400_000, 90_000_000)]
    ['–', '0 ms', '950 ms', '1.50 s', '1 min 1 s', '1 h 30 min', '1 d 1 h']
    """
    if ms is None:
        return "–"
    if abs(ms) < _SECOND:
        return f"{ms} ms"
    if abs(ms) < _MINUTE:
        return f"{ms / _SECOND:.2f} s"
    return _two_parts(ms)


_SECOND, _MINUTE = 1_000, 60_000
_PARTS = ((86_400_000, "d"), (3_600_000, "h"), (_MINUTE, "min"), (_SECOND, "s"))


def _two_parts(ms: int) -> str:
    for (size, name), (below, smaller) in pairwise(_PARTS):
        if ms >= size:
            rest = ms % size // below
            return f"{ms // size} {name} {rest} {smaller}" if rest else f"{ms // size} {name}"
    return f"{ms // _SECOND} s"


def iso_time(ms: int | None) -> str | None:
    """Epoch milliseconds as in every export.

    >>> iso_time(1_790_812_800_005)
    '2026-10-01T00:00:00.005Z'
    """
    return None if ms is None else f"{_EPOCH + timedelta(milliseconds=ms):%Y-%m-%dT%H:%M:%S}.{ms % 1_000:03}Z"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def usd(amount: float | None) -> str:
    """An amount of US dollars with as many digits as it has; a dash when it is not known.

    >>> [usd(amount) for amount in (None, 0.0, 0.000025, 12.5)]
    ['–', '$0', '$0.000025', '$12.5']
    """
    if amount is None:
        return "–"
    text = f"{amount:,.12f}".rstrip("0").rstrip(".")
    return f"${text}"
