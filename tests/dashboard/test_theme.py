from __future__ import annotations

import re
import tomllib

import pytest

from dashboard import theme
from dashboard.theme import DARK_BACKGROUND, EXECUTION_LOOKS, LIGHT_BACKGROUND, ROLE_LOOKS, SEGMENT_LOOKS, tint
from tests.source import text

COLOURS = sorted({value for value in vars(theme).values() if isinstance(value, str) and re.match(r"#\w{6}$", value)})
FOREGROUND = [colour for colour in COLOURS if colour not in (LIGHT_BACKGROUND, DARK_BACKGROUND)]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("background", [LIGHT_BACKGROUND, DARK_BACKGROUND])
@pytest.mark.parametrize("colour", FOREGROUND)
def test_a_colour_is_seen_in_both_themes(colour: str, background: str) -> None:
    assert contrast(colour, background) >= 3


def test_the_backgrounds_are_those_of_the_configuration() -> None:
    configured = tomllib.loads(text(".streamlit/config.toml"))["theme"]
    assert configured["light"]["backgroundColor"] == LIGHT_BACKGROUND
    assert configured["dark"]["backgroundColor"] == DARK_BACKGROUND


@pytest.mark.parametrize("looks", [EXECUTION_LOOKS, ROLE_LOOKS, SEGMENT_LOOKS])
def test_no_two_meanings_look_alike(looks: dict[str, theme.Look]) -> None:
    assert len({(look.colour, look.hatching) for look in looks.values()}) == len(looks)
    assert len({look.words for look in looks.values()}) == len(looks)


def test_only_what_needs_attention_is_tinted() -> None:
    assert tint("FAILED")
    assert not tint("SUCCEEDED")
    assert not tint(None)
