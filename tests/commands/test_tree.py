from __future__ import annotations

import io
import re
from typing import Any

from rich.cells import cell_len
from rich.console import Console

from commands.tree import tree
from tests.commands.test_nesting import row

CELLS: dict[str, Any] = {
    "queue_ms": None,
    "run_ms": None,
    "cost_usd": None,
    "handled": None,
    "handled_by": None,
    "error": None,
}


def shown(
    rows: list[dict[str, Any]], causes: dict[int, str] | None = None, width: int = 80, *, everything: bool = False
) -> list[str]:
    file = io.StringIO()
    console = Console(file=file, width=width, markup=False, highlight=False, emoji=False)
    drawn = tree([CELLS | one for one in rows], causes or {}, width, everything=everything)
    console.print(drawn, soft_wrap=True)
    return file.getvalue().splitlines()


def test_cells_stand_in_columns_whatever_the_writing() -> None:
    rows = [row(2, "주문 검증", queue_ms=5, run_ms=1_500), row(4, "Ship", run_ms=70, cost_usd=0.000025)]
    assert shown(rows) == [
        "state           outcome      queue     run       cost",
        "주문 검증 Task  ✓ succeeded   5 ms  1.50 s",
        "Ship Task       ✓ succeeded          70 ms  $0.000025",
    ]


def test_an_outcome_is_a_sign_and_a_word_and_says_what_became_of_it() -> None:
    rows = [
        row(1, "A", outcome="failed", handled="retried", handled_by="A"),
        row(2, "B", outcome="failed", handled="caught", handled_by="Outer"),
        row(3, "C", outcome="timed_out", handled="uncaught"),
        row(4, "D", outcome="aborted"),
        row(5, "E", outcome="running"),
        row(6, "F", outcome="of a new kind"),
    ]
    outcomes = [line[8:].strip() for line in shown(rows)[1:]]
    assert outcomes == [
        "✗ failed, retried",
        "✗ failed, caught by Outer",
        "✗ timed out",
        "■ aborted",
        "… running",
        "of a new kind",
    ]


def test_a_failure_has_a_line_with_its_error_and_how_its_cause_begins() -> None:
    rows = [row(1, "A", outcome="failed", error="E"), row(2, "B", outcome="failed"), row(3, "C", error="kept apart")]
    lines = shown(rows, {1: "because\nof this", 2: "no name"})
    assert lines[2] == "  E: because"
    assert lines[4] == "  no name"
    assert len(lines) == 6


def test_guides_lead_to_what_lies_within() -> None:
    rows = [
        row(1, "P", state_type="Parallel", outcome="failed", error="E"),
        row(2, "A", parent_id=1, branch=0),
        row(3, "B", parent_id=1, branch=0, outcome="failed", error="E"),
        row(4, "C", parent_id=1, branch=1),
    ]
    assert [re.split(" {2,}[✓✗]", line)[0] for line in shown(rows)[1:]] == [
        "P Parallel",
        "│ E",
        "├ branch 0",
        "│ ├ A Task",
        "│ └ B Task",
        "│     E",
        "└ branch 1",
        "  └ C Task",
    ]


def test_long_names_are_cut_to_the_width() -> None:
    rows = [row(1, "가" * 200, outcome="failed", error="E" * 300, run_ms=1)]
    lines = shown(rows, width=60)
    assert all(cell_len(line) <= 60 for line in lines)
    assert "…" in lines[1]
    assert "✗ failed" in lines[1]


def test_much_of_the_same_is_left_out_unless_everything_is_wanted() -> None:
    rows = [row(number, "Poll", visit=number) for number in range(1, 101)]
    assert len(shown(rows)) == 1 + 10 + 1 + 3
    assert len(shown(rows, everything=True)) == 101


def test_what_strangers_wrote_is_text() -> None:
    rows = [
        row(1, "[red]A\x1b[2J", outcome="failed", error="[b]\x07", target="t\u202e", handled="caught", handled_by="[i]")
    ]
    [_, line, failure] = shown(rows, {1: "[link]x\x9b"})
    assert line.startswith("[red]A\ufffd[2J Task t\ufffd  ✗ failed, caught by [i]")
    assert failure == "  [b]\ufffd: [link]x\ufffd"
