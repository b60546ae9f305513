"""Moments as people type them: a date, a time, or how long ago."""

from __future__ import annotations

import re

from store.errors import MisuseError

_AGO = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[smhdw])")
_UNIT_MS = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


def moment_ms(text: str, now_ms: int) -> int:
    """`2026-10-01`, `2026-10-01T09:30:00+09:00`, or `90d`, `24h`, `30m` before now, as epoch milliseconds.

    Without an offset it is UTC. Raises MisuseError for what is none of these.
    """
    ago = _AGO.fullmatch(text.strip())
    if ago:
        return now_ms - _span_ms(ago)
    from analyzer.window import instant_ms

    try:
        return instant_ms(text.strip())
    except MisuseError as error:
        raise MisuseError(error.sentence, "Write it as 2026-10-01, 2026-10-01T09:30:00Z, or 7d, 24h, 30m.") from error


def seconds(text: str) -> float:
    """`90s`, `5m`, `1h` as seconds. Raises MisuseError for what is none of these, and for no time at all."""
    span = _AGO.fullmatch(text.strip())
    if span is None or not _span_ms(span):
        raise MisuseError(f"{text!r} is no span of time.", "Write it as 90s, 5m, 1h or 1d.")
    return _span_ms(span) / 1_000


def _span_ms(found: re.Match[str]) -> int:
    return round(float(found["number"]) * _UNIT_MS[found["unit"]])
