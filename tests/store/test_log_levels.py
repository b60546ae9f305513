from __future__ import annotations

import pytest

from store.log_levels import level_sentence


def test_all_leaves_nothing_out() -> None:
    assert level_sentence("ALL") is None


@pytest.mark.parametrize("level", ["ERROR", "FATAL"])
def test_a_level_between_says_what_it_cannot_tell(level: str) -> None:
    sentence = str(level_sentence(level))
    assert sentence.startswith(f"level {level}: only ")
    assert "durations" in sentence
    assert "no count of successes" in sentence


@pytest.mark.parametrize("level", ["OFF", None])
def test_no_level_is_off(level: str | None) -> None:
    assert level_sentence(level) == "logging is OFF: nothing of its runs is kept anywhere; set its level to ALL"
