"""How the cells of a table are shown: what a column is called, in which unit, with how many decimals. Pure."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from dashboard import wording
from dashboard.wording import DAY, HOUR, MINUTE, SECOND
from store.schema import FLAG, Column

UNITS = ((DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (SECOND / 10, "s"))
"""The units of durations, and how short the shorter values of a column may be to be shown in it."""

SHORTER = 0.25
"""The share of a column's values that may be told badly, as 0.0, so that the others are read at a glance."""


class Shown(NamedTuple):
    """A column as it is shown: its heading, its cells and the format of its numbers; None is text, [] a small chart."""

    heading: str
    cells: pd.Series
    format: str | None


def shown(column: Column, values: pd.Series, now_ms: int | None) -> Shown:
    """A column in the unit that suits its greatest value, so that the cells of one column can be compared."""
    heading = heading_of(column.name)
    if column.is_time:
        return Shown(heading, _moments(values, now_ms), None)
    if column.type == FLAG:
        return Shown(heading, values.map({True: "yes", False: "no"}).astype("string"), None)
    if not pd.api.types.is_numeric_dtype(values):
        return Shown(heading, values, None)
    if column.name.endswith("_ms"):
        return _durations(heading, values)
    if column.name.endswith("_usd"):
        return Shown(heading, values, f"$%,.{_money_digits(values)}f")
    if column.name.endswith(("_rate", "_share")):
        return Shown(heading, values * 100, "%,.1f %%")
    return Shown(heading, values, "%,d" if pd.api.types.is_integer_dtype(values) else _plain_format(values))


def _plain_format(values: pd.Series) -> str:
    """Two decimals, or three figures where two decimals would show something as nothing."""
    known = values[values != 0].abs().dropna()
    return "%.3g" if len(known) and known.min() < HIDDEN_BY_TWO_DECIMALS else "%,.2f"


HIDDEN_BY_TWO_DECIMALS = 0.005


def heading_of(name: str) -> str:
    """A column's name as words, without its unit: `run_p95_ms` is `run p95`."""
    for unit in ("_ms", "_usd", "_at"):
        name = name.removesuffix(unit)
    return name.replace("_", " ")


def _moments(values: pd.Series, now_ms: int | None) -> pd.Series:
    """Times of a table: the exact one first, so that cells sort by time, then how long ago.

    Without `now_ms` to the millisecond, and without the day when it is the same in all of them.
    """
    if now_ms is not None:
        return values.map(lambda ms: f"{_minute(ms)} · {wording.ago(ms, now_ms, short=True)}", na_action="ignore")
    days = values.dropna() // DAY
    skipped = len("2026-10-31 ") if (days == days.min()).all() else 0
    return values.map(lambda ms: f"{wording.instant(ms)[skipped:-4]}.{int(ms) % 1000:03d}", na_action="ignore")


def _minute(ms: int) -> str:
    return wording.instant(ms)[: len("2026-10-31 09:30")]


def _durations(heading: str, values: pd.Series) -> Shown:
    known = values[values > 0].dropna()
    shorter = float(known.quantile(SHORTER)) if len(known) else 0.0
    name = next((name for least, name in UNITS if shorter >= least), "ms")
    whole = name == "ms" and pd.api.types.is_integer_dtype(values)
    return Shown(heading, values / _MS_IN[name], f"%,{'d' if whole else '.1f'} {name}")


_MS_IN = {"ms": 1, "s": SECOND, "min": MINUTE, "h": HOUR, "d": DAY}


def _money_digits(values: pd.Series) -> int:
    """The decimals that the greatest amount of a column needs, and one more for the small ones beside it."""
    greatest = values.abs().max()
    return min(6, wording.money_digits(greatest) + 1) if wording.is_known(greatest) and greatest < 1 else 2


def text_width(drawn: Shown) -> int:
    """Pixels that suit a column of texts: most of its cells, up to a limit, and its heading."""
    lengths = drawn.cells.dropna().astype(str).str.len()
    longest = int(lengths.quantile(0.9)) if len(lengths) else 0
    return max(len(drawn.heading) * 8 + 24, min(longest * 7 + 20, WIDEST_PX))


WIDEST_PX = 240


def bars(values: pd.Series) -> pd.Series:
    """Counts per day, written as `0 3 4`, in the form from which a small chart is drawn: `0,3,4`."""
    return values.str.replace(" ", ",")
