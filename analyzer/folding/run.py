"""An execution while it is folded, and when it is."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
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
    `latest` is the last visit of each state;
    `segments` are the spans of time in which it ran; `reopened` are containers of earlier runs in which the latest
    redrive goes on, and of the visits before the `settled`-th none else is open.
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
    settled: int = 0
    reopened: list[Visit] = []
    latest: dict[str, Visit] = {}
    places: dict[int, Place] = {}


def unsettled(run: Run) -> list[Visit]:
    """The visits that may still be open, the first entered first."""
    new = run.visits[run.settled :] if run.settled else run.visits
    return [*sorted(run.reopened, key=attrgetter("id")), *new] if run.reopened else new


def last_open(run: Run) -> Visit | None:
    """The innermost state still open, the last entered when several: whatever is inside a state was entered later."""
    return next((visit for visit in reversed(unsettled(run)) if visit.is_open), None)


Handler = Callable[[Run, Any, int, Place], Place]
