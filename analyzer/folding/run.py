"""An execution while it is folded, and when it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from analyzer.folding.visits import Place, Visit


class Asl(Protocol):
    """What the fold asks of a definition."""

    def branch_of(self, first_state: str) -> int | None:
        """The index of the Parallel branch that starts at this state."""

    def error_of(self, fail_state: str) -> str | None:
        """The literal error of a Fail state."""


class Run(msgspec.Struct, eq=False):
    """An execution, folded. `status` is None without a terminal event; times are epoch milliseconds.

    `places` says where each event stands, by its id; `redrive` counts the redrives so far and
    `redrives` holds the event id and time of each;
    `segments` are the spans of time in which it ran.
    """

    asl: Asl | None = None
    status: str | None = None
    error: str | None = None
    cause: str | None = None
    version_arn: str | None = None
    alias_arn: str | None = None
    completeness: str = "complete"
    event_count: int = 0
    entries: int = 0
    iterations: int = 0
    unknown_events: int = 0
    caught: int = 0
    first_caught: Visit | None = None
    terminal: Visit | None = None
    last: Visit | None = None
    first_at: int | None = None
    last_at: int | None = None
    resumed_at: int | None = None
    duration_ms: int | None = None
    segments: list[tuple[int, int]] = []
    redrive: int = 0
    redrives: list[tuple[int, int]] = []
    visits: list[Visit] = []
    visit_counts: dict[str, int] = {}
    places: dict[int, Place] = {}


Handler = Callable[[Run, Any, int, Place], Place]
