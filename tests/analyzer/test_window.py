"""A window narrows executions and attempts alike, by the start of the execution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.window import Window, instant_ms
from store.errors import MisuseError
from store.quantiles import Table
from tests.analyzer.rows import DAY, attempts, executions, on_duckdb, on_pandas

ENGINES = pytest.mark.parametrize("engine", [on_pandas, on_duckdb])
Engine = Callable[[pa.Table], Table]

STARTED: list[dict[str, Any]] = [
    {"machine": "orders", "status": "SUCCEEDED", "started_at": 1_000},
    {"machine": "orders-eu", "status": "FAILED", "started_at": 2_000},
    {"machine": "주문 검증", "status": "FAILED", "started_at": 3_000},
    {"machine": "orders", "status": "UNKNOWN", "started_at": None},
]
# The times of an attempt are other than those of its execution, and not what a window looks at.
TRIED = [
    {
        "execution_id": number,
        "machine": row["machine"],
        "execution_status": row["status"],
        "execution_started_at": row["started_at"],
        "started_at": 9_000,
    }
    for number, row in enumerate(STARTED, start=1)
]


def kept(engine: Engine, window: Window) -> list[int]:
    """The numbers of the executions in the window, which must be those of their attempts."""
    narrowed = [window.executions(engine(executions(STARTED))), window.attempts(engine(attempts(TRIED)))]
    found = [sorted(table.collect("pyarrow").to_arrow()["execution_id"].to_pylist()) for table in narrowed]
    assert found[0] == found[1]
    return found[0]


@ENGINES
@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(), [1, 2, 3, 4]),
        (Window(since_ms=2_000), [2, 3]),
        (Window(until_ms=2_000), [1]),
        (Window(since_ms=1_000, until_ms=3_000), [1, 2]),
        (Window(statuses=["FAILED"]), [2, 3]),
        (Window(statuses=["FAILED", "UNKNOWN"], machines=["orders"]), [4]),
        (Window(machines=["orders"]), [1, 4]),
        (Window(machines=["orders*"]), [1, 2, 4]),
        (Window(machines=["주문*", "orders-??"]), [2, 3]),
        (Window(machines=["nobody"]), []),
    ],
)
def test_it_narrows(engine: Engine, window: Window, expected: list[int]) -> None:
    assert kept(engine, window) == expected


@ENGINES
@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("ORDERS*", []),
        ("O*", ["Orders"]),
        ("a.c", ["a.c"]),
        ("a?c", ["a.c", "abc"]),
        ("a.*", ["a.c"]),
        ("*검증", ["주문 검증"]),
    ],
)
def test_a_pattern_matches_the_whole_name_as_it_is_spelled(engine: Engine, pattern: str, expected: list[str]) -> None:
    names = ["orders", "Orders", "a.c", "abc", "주문 검증"]
    found = Window(machines=[pattern]).executions(engine(executions([{"machine": name} for name in names])))
    assert found.collect("pyarrow").to_arrow()["machine"].to_pylist() == expected


def test_its_days_are_those_of_its_first_and_last_millisecond() -> None:
    window = Window(since_ms=DAY - 1, until_ms=3 * DAY)
    assert (window.first_day, window.last_day) == (0, 2)
    assert (Window().first_day, Window().last_day) == (None, None)


@pytest.mark.parametrize(
    ("window", "left"),
    [
        (Window(DAY, 3 * DAY, ["orders"]), Window(None, None, ["orders"])),
        (Window(DAY + 1, 3 * DAY), Window(DAY + 1, None)),
        (Window(DAY, 3 * DAY - 1), Window(None, 3 * DAY - 1)),
        (Window(), Window()),
    ],
)
def test_within_its_days_only_edges_that_are_no_midnight_are_left(window: Window, left: Window) -> None:
    assert window.within_its_days == left


@pytest.mark.parametrize(
    ("window", "sentence"),
    [
        ({"statuses": ["failed"]}, "'failed' is no status."),
        ({"since_ms": 5, "until_ms": 5}, "The window ends before it begins."),
    ],
)
def test_a_window_that_cannot_be_meant(window: dict[str, Any], sentence: str) -> None:
    with pytest.raises(MisuseError) as raised:
        Window(**window)
    assert raised.value.sentence == sentence
    assert raised.value.hint


@given(st.integers(0, 4_000_000_000_000))
def test_an_instant_is_read_as_it_is_written(ms: int) -> None:
    written = pd.Timestamp(ms, unit="ms", tz="UTC").isoformat(timespec="milliseconds")
    assert instant_ms(written) == ms
    assert instant_ms(written.replace("+00:00", "Z")) == ms


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "1790812800000000"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(MisuseError, match="is no date or time"):
        instant_ms(text)
