from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dashboard.wording import (
    NOTHING,
    ago,
    as_code,
    as_sentence,
    change,
    count,
    counted,
    duration,
    execution_name,
    instant,
    share,
    shortened,
    usd,
    with_commands,
)

MARKDOWN = MarkdownIt()


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        (0, "0 ms"),
        (38, "38 ms"),
        (4_230, "4.2 s"),
        (12_400, "12 s"),
        (90_000, "1.5 min"),
        (5_400_000, "1.5 h"),
        (216_000_000, "2.5 d"),
        (8_640_000_000, "100 d"),
        (None, NOTHING),
        (pd.NA, NOTHING),
    ],
)
def test_a_duration_has_the_unit_that_a_person_would_choose(ms: float | None, words: str) -> None:
    assert duration(ms) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "$0.00"),
        (0.000025, "$0.000025"),
        (0.0123, "$0.012"),
        (0.5, "$0.50"),
        (1_234.5, "$1,234.50"),
        (None, NOTHING),
    ],
)
def test_an_amount_has_the_decimals_that_tell_it_from_nothing(amount: float | None, words: str) -> None:
    assert usd(amount) == words


@pytest.mark.parametrize(
    ("part", "words"), [(0, "0 %"), (0.0004, "0.04 %"), (0.0451, "4.5 %"), (0.5, "50 %"), (None, NOTHING)]
)
def test_a_share_is_in_percent(part: float | None, words: str) -> None:
    assert share(part) == words


def test_unknown_and_none_at_all_are_two_words() -> None:
    assert count(pd.NA) != count(0)  # type: ignore[arg-type]
    assert usd(None) != usd(0)
    assert duration(None) != duration(0)


@pytest.mark.parametrize(
    ("apart", "words"),
    [(5_000, "just now"), (61_000, "1 minute ago"), (7_300_000, "2 hours ago"), (-86_400_000, "in 1 day")],
)
def test_a_time_is_told_by_its_distance(apart: int, words: str) -> None:
    assert ago(1_000_000_000, 1_000_000_000 + apart) == words


def test_a_change_is_told_in_percent_where_there_was_something_before() -> None:
    assert change(12, 10) == "+20 %"
    assert change(10, 10) == "0 %"
    assert change(1, 0) is None
    assert change(1, None) is None


def test_a_number_has_its_noun() -> None:
    assert counted(1, "retry", "retries") == "1 retry"
    assert counted(2_000, "retry", "retries") == "2,000 retries"


def test_a_time_is_utc() -> None:
    assert instant(1_790_812_800_000) == "2026-10-01 00:00:00 UTC"


@given(st.text(min_size=1))
def test_a_name_as_code_is_one_code_span_and_nothing_else(name: str) -> None:
    [paragraph] = [token for token in MARKDOWN.parse(f"x {as_code(name)} y") if token.type == "inline"]
    kinds = [(child.type, child.content) for child in paragraph.children or []]
    assert [kind for kind, _ in kinds] == ["text", "code_inline", "text"]
    assert re.sub(r"\s+", " ", kinds[1][1]).strip() == re.sub(r"\s+", " ", name.replace("\0", "\ufffd")).strip()


def test_the_name_of_an_icon_is_broken_apart_in_code_too() -> None:
    assert ":material/" not in as_code("a :material/home: b")


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1))
def test_a_sentence_holds_no_markup(sentence: str) -> None:
    [paragraph] = [token for token in MARKDOWN.parse(as_sentence(f"x{sentence}")) if token.type == "inline"]
    assert {child.type for child in paragraph.children or []} <= {"text", "text_special"}


@pytest.mark.parametrize("name", [":smile:", ":material/home:", ":red[x]"])
def test_names_of_emoji_and_icons_are_broken_apart(name: str) -> None:
    assert name not in as_sentence(name).replace("\\", "")


def test_commands_stay_code() -> None:
    assert with_commands("Run `stepscope demo`, *now*.") == r"Run `stepscope demo`\, \*now\*\."


def test_an_execution_is_named_by_the_end_of_its_arn() -> None:
    assert execution_name("arn:aws:states:eu-west-1:1:execution:orders:a-1") == "a-1"
    assert execution_name("plain") == "plain"


@given(st.text(), st.integers(min_value=3, max_value=60))
def test_what_is_too_long_is_cut_in_its_middle(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text or (short[0] == text[0] and short[-1] == text[-1])
