"""Colours and hatchings, which mean the same on every page.

One set serves both themes: each is at least 3:1 against the light and the dark background (`tests/dashboard`), as WCAG
asks of graphics. Nothing is told by colour alone: what looks alike to some is hatched, named in the legend, or both.
"""

from __future__ import annotations

from typing import NamedTuple

RED, ORANGE, GREEN, BLUE, GRAY = "#d1574b", "#c0801f", "#3d9970", "#4285c4", "#7f8a97"

NEUTRAL, SECOND = "#6b7f94", "#9a76c4"
"""For amounts that are neither good nor bad, money and time; the second where there are two of them."""

LIGHT_BACKGROUND, DARK_BACKGROUND = "#ffffff", "#11171d"


class Look(NamedTuple):
    """How a meaning is drawn: its words in a legend, its colour and its hatching ("" is plain)."""

    words: str
    colour: str
    hatching: str = ""


EXECUTION_LOOKS = {
    "failed": Look("failed", RED),
    "timed_out": Look("timed out", RED, "/"),
    "aborted": Look("aborted", GRAY, "/"),
    "masked_failures": Look("succeeded, with a masked failure", ORANGE),
    "clean": Look("succeeded", GREEN),
    "not_ended": Look("not ended", BLUE),
}
"""How executions ended, worst first."""

COVERAGE_LOOKS = {
    "denied": Look("denied", RED),
    "unreadable": Look("unreadable", RED, "/"),
    "expired": Look("expired at AWS", GRAY, "/"),
    "missing": Look("not fetched yet", ORANGE),
    "sampled": Look("left to a sample", NEUTRAL, "."),
    "running": Look("not ended", BLUE),
    "collected": Look("collected", GREEN),
}
"""Whether the history of an execution is in the store, and why it is not."""

PART_LOOKS = {
    "run": Look("at work", NEUTRAL),
    "external": Look("waiting for what was called", SECOND),
    "wait": Look("in Wait states", GRAY, "x"),
    "backoff": Look("backoff, waiting to retry", GRAY, "."),
    "queue": Look("in the queue", NEUTRAL, "\\"),
    "between": Look("between events", NEUTRAL, "-"),
}
"""The parts of an execution's duration along its critical path."""

ROLE_LOOKS = {
    "root": Look("began a failed run", RED),
    "terminal": Look("ended a run", RED, "/"),
    "uncaught": Look("uncaught", RED, "."),
    "caught": Look("caught", ORANGE, "/"),
    "retried": Look("retried", ORANGE),
    "undecided": Look("not decided", GRAY),
}
"""What part a failure had, worst first: the roles of `failure_hotspots`."""

TINTS = {
    RED: "FAILED TIMED_OUT failed timed_out root terminal uncaught denied credentials unreachable cut throttled"
    " new regressed ended high worse critical",
    ORANGE: "PENDING_REDRIVE retried caught partial interrupted medium warning",
    GRAY: "ABORTED UNKNOWN aborted undecided",
    BLUE: "RUNNING running",
}
"""Words that are tinted in tables; what went well is not, so that the rest is seen."""


def tint(word: object) -> str:
    """The style of a table's cell that holds this word; the text keeps the theme's own colour, to be read in both."""
    colour = _COLOURS.get(word) if isinstance(word, str) else None
    return f"background-color: {colour}33" if colour else ""


_COLOURS = {word: colour for colour, words in TINTS.items() for word in words.split()}


SEGMENT_LOOKS = {
    "succeeded": Look("ran and succeeded", GREEN),
    "handled": Look("failed, then retried or caught", ORANGE),
    "failed": Look("failed", RED),
    "timed_out": Look("timed out", RED, "/"),
    "aborted": Look("aborted", GRAY, "/"),
    "running": Look("still running", BLUE, "/"),
    "queue": Look("in the queue", NEUTRAL, "\\"),
    "backoff": Look("backoff, waiting to retry", GRAY, "."),
}
"""What a stretch of a timeline is."""
