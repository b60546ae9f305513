"""An execution while it is folded, and when it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from analyzer.folding.visits import Scope, Visit


class Asl(Protocol):
    """What the fold asks of a definition."""

    def branch_of(self, first_state: str) -> int | None:
        """The index of the Parallel branch that starts at this state."""

    def error_of(self, fail_state: str) -> str | None:
        """The literal error of a Fail state."""


class Run:
    """An execution, folded. `status` is None without a terminal event; times are epoch milliseconds."""

    __slots__ = (
        "asl",
        "caught",
        "cause",
        "completeness",
        "duration_ms",
        "entries",
        "error",
        "event_count",
        "first_at",
        "first_caught",
        "iterations",
        "last",
        "last_at",
        "places",
        "redrives",
        "resumed_at",
        "segment_at",
        "status",
        "terminal",
        "unknown_events",
        "version",
        "visit_counts",
        "visits",
    )

    def __init__(self, asl: Asl | None) -> None:
        self.asl = asl
        self.status: str | None = None
        self.error: str | None = None
        self.cause: str | None = None
        self.version: tuple[str | None, str | None] = (None, None)
        self.completeness = "complete"
        self.event_count = 0
        self.entries = 0
        self.iterations = 0
        self.unknown_events = 0
        self.caught = 0
        self.first_caught: Visit | None = None
        self.terminal: Visit | None = None
        self.last: Visit | None = None
        self.first_at: int | None = None
        self.last_at: int | None = None
        self.segment_at: int | None = None
        self.duration_ms: int | None = None
        self.redrives: list[tuple[int, int]] = []
        self.visits: list[Visit] = []
        self.visit_counts: dict[str, int] = {}
        self.places: dict[int, Visit | Scope | None] = {}

    @property
    def redrive(self) -> int:
        """How often the execution was redriven so far."""
        return len(self.redrives)


Handler = Callable[[Run, Any, int], "Visit | Scope | None"]
