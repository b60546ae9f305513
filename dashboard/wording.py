"""Figures, times and names as a reader sees them. Pure: what comes out is plain text or safe Markdown."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

import pandas as pd

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

NOTHING = "–"
"""What stands where a figure is unknown or does not apply."""

Figure = float | int | None


def is_known(value: object) -> bool:
    """Whether a cell holds a value: neither None nor one of pandas's words for nothing."""
    return value is not None and not pd.isna(value)  # type: ignore[call-overload]


def count(value: Figure) -> str:
    """A whole number with its thousands apart."""
    return f"{int(value):,}" if is_known(value) and value is not None else NOTHING


def counted(value: int, one: str, many: str = "") -> str:
    """A number and its noun: `1 retry`, `2 retries`."""
    return f"{count(value)} {one if value == 1 else many or f'{one}s'}"


def share(value: Figure) -> str:
    """A share of 0 to 1 in percent; one decimal below ten percent, two where it would else read 0."""
    if value is None or not is_known(value):
        return NOTHING
    percent = value * 100
    digits = next((digits for least, digits in _PERCENT_DIGITS if abs(percent) >= least), 0 if percent == 0 else 2)
    return f"{percent:,.{digits}f} %"


_PERCENT_DIGITS = ((10, 0), (0.1, 1))


def usd(value: Figure) -> str:
    """US dollars: cents from a dollar on, below that as many decimals as two figures need."""
    if value is None or not is_known(value):
        return NOTHING
    return f"${value:,.{money_digits(value)}f}"


def money_digits(value: float) -> int:
    """Decimals that an amount needs to be told from 0; never more than six, where one transition is seen."""
    if value == 0 or abs(value) >= 1:
        return 2
    return min(6, 1 - math.floor(math.log10(abs(value))))


def duration(ms: Figure) -> str:
    """A duration in the unit a person would choose: `38 ms`, `4.2 s`, `12 min`, `3.5 h`, `2 d`."""
    if ms is None or not is_known(ms):
        return NOTHING
    unit, name = next((unit for unit in _UNITS if abs(ms) >= unit[0]), _UNITS[-1])
    value = ms / unit
    return f"{value:,.0f} {name}" if value >= _NO_DECIMALS or float(value).is_integer() else f"{value:,.1f} {name}"


_NO_DECIMALS = 10
_UNITS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND, "s"), (1, "ms"))


def instant(ms: Figure) -> str:
    """A time to the second, in UTC."""
    return f"{_utc(ms):%Y-%m-%d %H:%M:%S} UTC" if ms is not None and is_known(ms) else NOTHING


def day(ms: Figure) -> str:
    """A UTC day."""
    return f"{_utc(ms):%Y-%m-%d}" if ms is not None and is_known(ms) else NOTHING


def ago(ms: Figure, now_ms: int, *, short: bool = False) -> str:
    """How long before `now_ms` something was, roughly: `5 minutes ago`; `in 2 hours` when it is yet to come."""
    if ms is None or not is_known(ms):
        return NOTHING
    apart = now_ms - int(ms)
    if abs(apart) < MINUTE:
        return "just now"
    unit, name, brief = next(age for age in _AGES if abs(apart) >= age[0])
    text = f"{abs(apart) // unit} {brief}" if short else counted(abs(apart) // unit, name)
    return f"{text} ago" if apart > 0 else f"in {text}"


_AGES = ((DAY, "day", "d"), (HOUR, "hour", "h"), (MINUTE, "minute", "min"))


def _utc(ms: float) -> datetime:
    return datetime.fromtimestamp(int(ms) / 1000, UTC)


def change(now: Figure, before: Figure) -> str | None:
    """A figure against the one before, in percent: `+12 %`; None when there is nothing to compare with."""
    if now is None or before is None or not is_known(now) or not is_known(before) or before == 0:
        return None
    percent = round((now / before - 1) * 100)
    return f"{percent:+,} %" if percent else "0 %"


def as_code(name: object) -> str:
    """A stranger's text as Markdown that shows it as it is, and as nothing else.

    A code span: the only place in which Markdown, HTML, formulas, emoji names and colour directives all mean nothing.
    """
    # Streamlit rewrites this, which begins the name of an icon, before it reads any Markdown.
    text = re.sub(r"\s+", " ", str(name)).replace(":material/", f":{_JOINER}material/") or " "
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def as_sentence(text: object) -> str:
    """A sentence that may hold a stranger's names, as Markdown that shows it as it is, in the page's own type."""
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", re.sub(r"\s+", " ", str(text)))
    return escaped.replace(":", ":" + _JOINER)


def with_commands(text: str) -> str:
    """A sentence of ours with commands in backticks, which stay code; all else is shown as it is."""
    parts = text.split("`")
    return "".join(as_code(part) if number % 2 else as_sentence(part) for number, part in enumerate(parts))


# Names of emoji and icons are replaced after escapes are gone; a joiner, which has no width, breaks them apart.
_JOINER = "\N{WORD JOINER}"


def execution_name(arn: str) -> str:
    """The name of an execution, from its ARN or from the form that stands for one."""
    return arn.rpartition(":")[2] or arn


def shortened(text: str, limit: int = 40) -> str:
    """A text that is too long, cut in its middle, where names differ least."""
    if len(text) <= limit:
        return text
    head = (limit - 1) * 2 // 3
    return f"{text[:head]}…{text[len(text) - (limit - 1 - head) :]}"
