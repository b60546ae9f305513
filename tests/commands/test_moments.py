from __future__ import annotations

import pytest

from commands.moments import moment_ms, seconds
from store.errors import MisuseError

NOW = 1_791_000_000_000


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("7d", NOW - 604_800_000),
        ("24h", NOW - 86_400_000),
        ("1.5h", NOW - 5_400_000),
        (" 30 m ", NOW - 1_800_000),
        ("2w", NOW - 1_209_600_000),
        ("0d", NOW),
        ("2026-10-01", 1_790_812_800_000),
        ("2026-10-01T09:00:00+09:00", 1_790_812_800_000),
    ],
)
def test_a_moment_is_a_date_a_time_or_how_long_ago(text: str, ms: int) -> None:
    assert moment_ms(text, NOW) == ms


@pytest.mark.parametrize("text", ["", "yesterday", "7", "d", "-7d", "7 years", "2026-13-01"])
def test_what_is_no_moment_says_how_to_write_one(text: str) -> None:
    with pytest.raises(MisuseError) as raised:
        moment_ms(text, NOW)
    assert "7d" in raised.value.hint


@pytest.mark.parametrize(("text", "expected"), [("90s", 90.0), ("5m", 300.0), ("1h", 3_600.0), ("1d", 86_400.0)])
def test_spans(text: str, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "5", "0s", "0.0001s", "soon", "5 years"])
def test_no_span_is_refused(text: str) -> None:
    with pytest.raises(MisuseError):
        seconds(text)
