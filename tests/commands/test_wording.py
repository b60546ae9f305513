from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.wording import counted, duration, first_line, iso_time, message_of, plain, usd


@given(st.text())
def test_plain_text_moves_no_cursor_and_turns_no_writing(text: str) -> None:
    shown = plain(text)
    assert len(shown) == len(text)
    assert not any(ord(character) < 32 and character not in "\n\t" for character in shown)
    assert not set(shown) & set("\x7f\x9b\u202e\u2066\u200f\ufeff")


def test_names_in_any_writing_stay() -> None:
    for name in ("주문 검증", "क्षत्रिय", "😀 naïve", "می‌خواهم"):
        assert plain(name) == name


@pytest.mark.parametrize(
    ("text", "line"), [("", ""), ("\n\n  a\nb", "a"), ("abcdef", "abcd…"), ("abcde", "abcde"), ("a\x1b[0m", "a�[0m")]
)
def test_the_first_line_that_says_something(text: str, line: str) -> None:
    assert first_line(text, 5) == line


@pytest.mark.parametrize(
    ("cause", "message"),
    [
        ("it broke", "it broke"),
        ('{"errorMessage": "no stock", "errorType": "X", "stackTrace": []}', "no stock"),
        ('{"Error": "X", "Cause": "{\\"errorMessage\\": \\"within\\"}", "Status": "FAILED"}', "within"),
        ('{"errorMessage": 7}', '{"errorMessage": 7}'),
        ('{"errorMessage": "cut off', '{"errorMessage": "cut off'),
        ("{}", "{}"),
        ("[" * 100_000, "[" * 100_000),
        ("{" * 10, "{" * 10),
    ],
)
def test_a_message_is_found_within_its_document(cause: str, message: str) -> None:
    assert message_of(cause) == message


def test_a_document_too_deep_to_read_is_shown_as_it_is() -> None:
    cause = '{"errorMessage":' * 50_000
    assert message_of(cause) == cause


def test_numbers_and_what_is_counted() -> None:
    assert [counted(number, "row") for number in (0, 1, 1_000)] == ["0 rows", "1 row", "1,000 rows"]


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (-5, "-5 ms"),
        (999, "999 ms"),
        (1_000, "1.00 s"),
        (59_999, "60.00 s"),
        (3_600_000, "1 h"),
        (86_399_000, "23 h 59 min"),
    ],
)
def test_durations(ms: int, text: str) -> None:
    assert duration(ms) == text


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"), (None, None)]
)
def test_times(ms: int | None, text: str | None) -> None:
    assert iso_time(ms) == text


@pytest.mark.parametrize(("amount", "text"), [(1_234.5, "$1,234.5"), (1e-9, "$0.000000001"), (100.0, "$100")])
def test_money(amount: float, text: str) -> None:
    assert usd(amount) == text
