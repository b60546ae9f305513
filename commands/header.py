"""What there is to know of an execution before its tree: how it ended, when, at what cost, how much of it is known."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group
from rich.text import Text

from analyzer.closeup import CloseUp, Row
from commands.wording import counted, duration, first_line, iso_time, message_of, plain, usd

STATUSES = {
    "SUCCEEDED": ("✓", "bold green"),
    "FAILED": ("✗", "bold red"),
    "TIMED_OUT": ("✗", "bold red"),
    "ABORTED": ("■", "bold dim"),
    "RUNNING": ("…", "bold blue"),
}
CAUSE_CHARS = 300

PARTIAL = {
    "running": "it still runs, and what is known of it is not final",
    "cut": "its end is missing",
    "gap": "events in between are missing",
    "masked": "the numbers of its events cannot be used: only counts are known",
    "pruned": "taken out of the store, and its facts are lost",
    "missing": "none is stored; only what the listing says is known",
    "sampled": "left out to save calls; others of its day stand for it",
    "expired": "AWS no longer holds it",
    "denied": "AWS refused it: `stepscope policy` prints what must be allowed",
    "unreadable": "it could not be read as events",
    "children_unknown": "the children of a Distributed Map are not counted: transitions and cost are a lower bound",
}
"""What each word of `completeness` means for the reader of one execution."""


def header(found: CloseUp) -> Group:
    """The lines above the tree."""
    row = found.execution
    sign, style = STATUSES.get(row["status"], ("?", "bold"))
    name = plain(row["execution_arn"]).rpartition(":")[2]
    title = Text.assemble((f"{sign} {row['status']}", style), f"  {plain(row['machine'])}  ", (name, "bold"))
    pairs = [(label, text) for label, text in _pairs(found) if text]
    width = max(len(label) for label, _ in pairs)
    lines = (Text.assemble((f"{label:<{width}}  ", "dim"), text) for label, text in pairs)
    return Group(title, *lines, Text())


def _pairs(found: CloseUp) -> Iterator[tuple[str, str]]:
    row = found.execution
    yield "execution", plain(row["execution_arn"])
    yield "started", _started(row)
    yield "error", _error(found)
    yield "root state", _root(row)
    yield "last state", plain(row["last_state"] or "")
    yield "counts", _counts(row)
    yield "billed", _billed(row)
    yield "price", plain(row["cost_note"] or "")
    yield "revision", plain(row["revision"] or "")
    yield "history", _history(row)


def _started(row: Row) -> str:
    took = f", took {duration(row['duration_ms'])}" if row["duration_ms"] is not None else ""
    redriven = f", redriven {counted(row['redrives'], 'time')}" if row["redrives"] else ""
    return f"{iso_time(row['started_at']) or 'not known'}{took}{redriven}"


def _error(found: CloseUp) -> str:
    return ": ".join(
        filter(None, (plain(found.execution["error"] or ""), first_line(message_of(found.cause), CAUSE_CHARS)))
    )


def _root(row: Row) -> str:
    root, terminal = plain(row["root_state"] or ""), plain(row["terminal_state"] or "")
    if row["masked_failure"]:
        what = "items of it failed" if row["tolerated_items"] else "it failed"
        return f"{root}: {what}, and the execution succeeded all the same"
    return f"{root}; the execution ended in {terminal}" if terminal not in ("", root) else root


COUNTS = {
    "attempts": ("attempt", "attempts"),
    "retries": ("retry", "retries"),
    "caught": ("failure caught", "failures caught"),
    "tolerated_items": ("failed item tolerated", "failed items tolerated"),
}


def _counts(row: Row) -> str:
    return ", ".join(counted(row[name], *words) for name, words in COUNTS.items() if row[name])


def _billed(row: Row) -> str:
    known = (counted(row["transitions"], "transition") if row["transitions"] else "", row["cost_usd"])
    return ", ".join(filter(None, (known[0], usd(known[1]) if known[1] is not None else "")))


def _history(row: Row) -> str:
    meaning = PARTIAL.get(row["completeness"], "")
    events = f", {counted(row['events'], 'event')}" if row["events"] is not None else ""
    return f"{row['completeness']}{events}" + (f": {meaning}" if meaning else "")
