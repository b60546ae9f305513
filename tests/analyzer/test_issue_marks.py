from __future__ import annotations

import pandas as pd
import pytest

from analyzer.issue_marks import marked


def mark(mark: str, until: int | None, failed_at: list[int]) -> tuple[str, int]:
    """What an issue marked at 10 is, after executions in which it happened at these times."""
    marks = pd.DataFrame({"issue": ["a"], "mark": [mark], "until_executions": [until], "marked_at": [10]})
    marks = marks.astype({"issue": "string", "mark": "string", "until_executions": "Int64", "marked_at": "Int64"})
    failures = pd.DataFrame({"issue": "a", "execution_id": range(len(failed_at)), "last_at": failed_at})
    [row] = marked(pd.DataFrame({"issue": ["a"]}), failures, marks).to_dict("records")
    return row["mark"], row["since_mark"]


@pytest.mark.parametrize(
    ("given", "until", "failed_at", "expected"),
    [
        ("resolved", None, [3, 9, 10], ("resolved", 0)),
        ("resolved", None, [3, 11], ("open", 1)),
        ("muted", 2, [3, 11], ("muted", 1)),
        ("muted", 2, [3, 11, 12], ("open", 2)),
        ("muted", None, [11, 12, 13], ("muted", 3)),
    ],
)
def test_what_comes_back_is_open_again(
    given: str, until: int | None, failed_at: list[int], expected: tuple[str, int]
) -> None:
    assert mark(given, until, failed_at) == expected


def test_what_nobody_marked_is_open() -> None:
    marks = pd.DataFrame({"issue": [], "mark": [], "until_executions": [], "marked_at": []})
    marks = marks.astype({"issue": "string", "mark": "string", "until_executions": "Int64", "marked_at": "Int64"})
    failures = pd.DataFrame({"issue": ["a"], "execution_id": [1], "last_at": [5]})
    [row] = marked(pd.DataFrame({"issue": ["a"]}), failures, marks).to_dict("records")
    assert row["mark"] == "open"
    assert pd.isna(row["since_mark"])
