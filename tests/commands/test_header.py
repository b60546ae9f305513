from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rich.console import Console

from analyzer.closeup import CloseUp
from commands.header import header
from store.schema import EXECUTIONS

PLAIN: dict[str, Any] = dict.fromkeys(column.name for column in EXECUTIONS) | {
    "execution_arn": "arn:x:one",
    "machine": "orders",
    "status": "SUCCEEDED",
    "started_at": 1_790_812_800_000,
    "duration_ms": 61_000,
    "redrives": 0,
    "completeness": "complete",
    "events": 7,
}


def shown(cause: str = "", **more: Any) -> dict[str, str]:
    """The lines of a header by their label; its title has none."""
    file = io.StringIO()
    Console(file=file, width=200, markup=False).print(header(CloseUp(PLAIN | more, [], {}, cause)))
    title, *lines = file.getvalue().rstrip().splitlines()
    return {"": title.rstrip()} | dict(re.split(r"\s{2,}", line.rstrip(), maxsplit=1) for line in lines)


def test_what_is_not_known_has_no_line() -> None:
    assert shown().keys() == {"", "execution", "started", "history"}


@pytest.mark.parametrize(
    ("status", "title"),
    [
        ("SUCCEEDED", "✓ SUCCEEDED  orders  one"),
        ("FAILED", "✗ FAILED  orders  one"),
        ("TIMED_OUT", "✗ TIMED_OUT  orders  one"),
        ("ABORTED", "■ ABORTED  orders  one"),
        ("RUNNING", "… RUNNING  orders  one"),
        ("PENDING_REDRIVE", "? PENDING_REDRIVE  orders  one"),
    ],
)
def test_a_status_is_a_sign_and_a_word(status: str, title: str) -> None:
    assert shown(status=status)[""] == title


@pytest.mark.parametrize(
    ("more", "label", "expected"),
    [
        ({}, "started", "2026-10-01T00:00:00.000Z, took 1 min 1 s"),
        ({"redrives": 2}, "started", "2026-10-01T00:00:00.000Z, took 1 min 1 s, redriven 2 times"),
        ({"started_at": None, "duration_ms": None}, "started", "not known"),
        ({"error": "E", "cause": "because\nof"}, "error", "E: because"),
        ({"error": "E"}, "error", "E"),
        ({"root_state": "A", "terminal_state": "A"}, "root state", "A"),
        ({"root_state": "A", "terminal_state": "B"}, "root state", "A; the execution ended in B"),
        (
            {"root_state": "A", "masked_failure": True},
            "root state",
            "A: it failed, and the execution succeeded all the same",
        ),
        (
            {"root_state": "A", "masked_failure": True, "tolerated_items": 3},
            "root state",
            "A: items of it failed, and the execution succeeded all the same",
        ),
        ({"last_state": "W"}, "last state", "W"),
        ({"attempts": 3, "retries": 1, "caught": 0}, "counts", "3 attempts, 1 retry"),
        ({"tolerated_items": 1}, "counts", "1 failed item tolerated"),
        ({"transitions": 4, "cost_usd": 0.0001}, "billed", "4 transitions, $0.0001"),
        ({"transitions": 0, "cost_usd": 0.5}, "billed", "$0.5"),
        ({"transitions": 4}, "billed", "4 transitions"),
        ({"cost_note": "no price"}, "price", "no price"),
        ({"revision": "r?"}, "revision", "r?"),
        ({"completeness": "cut", "events": 1}, "history", "cut, 1 event: its end is missing"),
        (
            {"completeness": "missing", "events": None},
            "history",
            "missing: none is stored; only what the listing says is known",
        ),
    ],
)
def test_lines_say_what_is_known(more: dict[str, Any], label: str, expected: str) -> None:
    assert shown(**more)[label] == expected


def test_names_of_strangers_are_text() -> None:
    lines = shown(status="FAILED", machine="[red]m\x1b[0m", error="[b]E\x07", root_state="\u202eA")
    assert lines[""] == "✗ FAILED  [red]m\ufffd[0m  one"
    assert lines["error"] == "[b]E\ufffd"
    assert lines["root state"] == "\ufffdA"
