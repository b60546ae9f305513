"""What a report or a page looks at: a span of time, some machines, some statuses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import narwhals as nw

from store.errors import MisuseError
from store.quantiles import Table

MS_IN_DAY = 86_400_000

# The statuses of ListExecutions, and the one of an execution whose history has no end and whose source gives none.
STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE", "UNKNOWN")

# What the attempts carry of their execution, by the name it has there.
CARRIED = {
    "started_at": "execution_started_at",
    "status": "execution_status",
    **{name: name for name in ("execution_arn", "machine", "region", "account", "type", "revision", "completeness")},
}

_WILD = re.compile(r"[*?]")


@dataclass(frozen=True)
class Window:
    """Executions that started from `since_ms` on and before `until_ms`, of these machines, with these statuses.

    What is left out does not narrow. `machines` are names or shell patterns (`*`, `?`), matched as they are spelled.
    An execution whose start is not known is in no span. Raises MisuseError for a status that is none and for a span
    that ends before it begins.
    """

    since_ms: int | None = None
    until_ms: int | None = None
    machines: Sequence[str] = ()
    statuses: Sequence[str] = ()

    def __post_init__(self) -> None:
        unknown = [status for status in self.statuses if status not in STATUSES]
        if unknown:
            raise MisuseError(f"{unknown[0]!r} is no status.", f"The statuses are {', '.join(STATUSES)}.")
        if self.since_ms is not None and self.until_ms is not None and self.until_ms <= self.since_ms:
            raise MisuseError("The window ends before it begins.", "Give an --until that is later than --since.")

    @property
    def first_day(self) -> int | None:
        """The first UTC day of the window, as days since 1970."""
        return None if self.since_ms is None else self.since_ms // MS_IN_DAY

    @property
    def last_day(self) -> int | None:
        """The last UTC day of the window, as days since 1970."""
        return None if self.until_ms is None else (self.until_ms - 1) // MS_IN_DAY

    @property
    def within_its_days(self) -> Window:
        """What is left to narrow in tables that were opened for no other days than these: edges that are no midnight.

        The engine need not look at the time of every row then, which is a tenth of an answer over 90 days.
        """
        since_ms = None if (self.since_ms or 0) % MS_IN_DAY == 0 else self.since_ms
        until_ms = None if (self.until_ms or 0) % MS_IN_DAY == 0 else self.until_ms
        return replace(self, since_ms=since_ms, until_ms=until_ms)

    def executions(self, table: Table) -> Table:
        """The executions in this window."""
        return self._narrowed(table, "started_at", "status")

    def attempts(self, table: Table) -> Table:
        """The attempts of the executions in this window, whenever they happened."""
        return self._narrowed(table, CARRIED["started_at"], CARRIED["status"])

    def _narrowed(self, table: Table, started_at: str, status: str) -> Table:
        conditions = [
            *([nw.col(started_at) >= self.since_ms] if self.since_ms is not None else []),
            *([nw.col(started_at) < self.until_ms] if self.until_ms is not None else []),
            *([named(self.machines)] if self.machines else []),
            *([nw.col(status).is_in(list(self.statuses))] if self.statuses else []),
        ]
        return table.filter(*conditions) if conditions else table


def named(patterns: Sequence[str]) -> nw.Expr:
    """Whether the machine has one of these names, or one that a shell pattern among them describes."""
    machine = nw.col("machine")
    tests = [machine.str.contains(_regex(p)) if _WILD.search(p) else machine == p for p in patterns]
    return nw.any_horizontal(*tests, ignore_nulls=True)


def _regex(pattern: str) -> str:
    """A shell pattern as a regular expression of the kind that every engine reads."""
    parts = (".*" if part == "*" else "." if part == "?" else re.escape(part) for part in re.split(r"([*?])", pattern))
    return f"^(?s:{''.join(parts)})$"


def instant_ms(text: str) -> int:
    """A date or a time in ISO 8601 as milliseconds since 1970; without an offset it is UTC. Raises MisuseError.

    >>> instant_ms("2026-10-01"), instant_ms("2026-10-01T09:00:00.5+09:00")
    (1790812800000, 1790812800500)
    """
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise MisuseError(f"{text!r} is no date or time.", "Write it as 2026-10-01 or 2026-10-01T09:30:00Z.") from None
    aware = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1_000)
