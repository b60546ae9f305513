"""One execution for a terminal: a header, and its attempts as a tree with aligned times and costs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Group
from rich.text import Text

from commands.nesting import Node, Row, nested, shortened
from commands.wording import duration, first_line, message_of, plain, usd

Causes = Mapping[int, str]

NARROWEST_LABEL = 24
CAUSE_CHARS = 300
GUIDE = "dim"
HANDLED = ("retried", "caught")
OUTCOMES = {
    "succeeded": ("✓ succeeded", "green"),
    "failed": ("✗ failed", "red"),
    "timed_out": ("✗ timed out", "red"),
    "aborted": ("■ aborted", "dim"),
    "running": ("… running", "blue"),
}
"""A sign and a word for each outcome: colour is never the only sign."""


class _Line(NamedTuple):
    """A line of the tree: guides, what it is, and its cells; or a sentence across all cells."""

    label: Text
    cells: tuple[Text, ...] = ()


def tree(attempts: Iterable[Row], causes: Causes, width: int, *, everything: bool = False) -> Group:
    """The attempts of one execution as lines at most so wide; `causes` by the event_id of the attempt that failed."""
    nodes = nested(attempts)
    lines = list(_lines(nodes if everything else shortened(nodes), causes))
    heads = tuple(Text(name, style="bold") for name in ("outcome", "queue", "run", "cost"))
    rows = [_Line(Text("state", style="bold"), heads), *lines]
    sizes = [max((cell_len(row.cells[i].plain) for row in rows if row.cells), default=0) for i in range(len(heads))]
    longest = max(cell_len(row.label.plain) for row in rows if row.cells)
    label = min(longest, max(NARROWEST_LABEL, width - sum(sizes) - 2 * len(sizes)))
    return Group(*(_drawn(row, label, sizes, width) for row in rows))


def _drawn(line: _Line, label: int, sizes: Sequence[int], width: int) -> Text:
    if not line.cells:
        return _cut(line.label, width)
    drawn = _cut(line.label, label)
    drawn.append(" " * (label - cell_len(drawn.plain)))
    for position, (cell, size) in enumerate(zip(line.cells, sizes, strict=True)):
        gap = " " * (size - cell_len(cell.plain))
        drawn.append("  ")
        drawn.append_text(Text.assemble(cell, gap) if position == 0 else Text.assemble(gap, cell))
    drawn.rstrip()
    return drawn


def _cut(text: Text, width: int) -> Text:
    cut = text.copy()
    cut.truncate(width, overflow="ellipsis")
    return cut


def _lines(nodes: Sequence[Node], causes: Causes, guides: str | None = None) -> Iterator[_Line]:
    """The lines of nodes that stand behind these guides; None at the top, where there are none."""
    for position, node in enumerate(nodes):
        is_last = position == len(nodes) - 1
        here, below = ("", "") if guides is None else (guides + "├└"[is_last] + " ", guides + "│ "[is_last] + " ")
        yield _Line(_label(node, here), _cells(node.row))
        said = _failure(node.row, causes)
        if said:
            yield _Line(Text.assemble((below + ("│ " if node.within else "  "), GUIDE), (said, "red")))
        yield from _lines(node.within, causes, below)


def _label(node: Node, guides: str) -> Text:
    return Text.assemble((guides, GUIDE), plain(node.title), (f" {plain(node.kind)}" if node.kind else "", GUIDE))


def _cells(row: Row | None) -> tuple[Text, ...]:
    if row is None:
        return (Text(),) * 4
    times = (Text(duration(row[name])) if row[name] is not None else Text() for name in ("queue_ms", "run_ms"))
    return (_outcome(row), *times, Text(usd(row["cost_usd"]) if row["cost_usd"] is not None else ""))


def _outcome(row: Row) -> Text:
    word, style = OUTCOMES.get(row["outcome"] or "", (row["outcome"] or "", ""))
    handled = row["handled"] if row["handled"] in HANDLED else ""
    by = f" by {plain(row['handled_by'])}" if handled and row["handled_by"] not in (None, row["state"]) else ""
    return Text(f"{word}, {handled}{by}" if handled else word, style="yellow" if handled else style)


def _failure(row: Row | None, causes: Causes) -> str:
    """What an attempt failed with, in a line: its error and how its cause begins."""
    if row is None or row["outcome"] not in ("failed", "timed_out"):
        return ""
    cause = first_line(message_of(causes.get(row["event_id"], "")), CAUSE_CHARS)
    return ": ".join(filter(None, (plain(row["error"] or ""), cause)))
