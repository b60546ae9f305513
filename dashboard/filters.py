"""What a page looks at: a span of time, some machines, some statuses. Pure; the widgets are in `dashboard.frame`.

The four stand in the URL as plain parameters: `window=7d`, `until=2026-10-31`, `machine=` and `status=` repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from analyzer.window import STATUSES, Window
from dashboard.wording import DAY, HOUR, counted

SPANS = {"1d": 1, "7d": 7, "30d": 30, "90d": 90, "all": None}
DEFAULT_SPAN = "7d"
PARAMETERS = ("window", "until", "machine", "status")


@dataclass(frozen=True)
class Filters:
    """The choice of a reader; nothing chosen means everything. `until` is the last UTC day, None means now."""

    span: str = DEFAULT_SPAN
    until: date | None = None
    machines: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()

    @property
    def days(self) -> int | None:
        """The length of the window in days; None for the whole store."""
        return SPANS[self.span]

    def window(self, now_ms: int) -> Window:
        """The window, which ends with the hour that is going on, so that it does not move with every look."""
        if self.days is None:
            return Window(None, self._end_ms(now_ms) if self.until else None, self.machines, self.statuses)
        end = self._end_ms(now_ms)
        return Window(end - self.days * DAY, end, self.machines, self.statuses)

    def window_before(self, now_ms: int) -> Window | None:
        """The window of the same length that ends where this one begins; None where it has no beginning."""
        if self.days is None:
            return None
        start = self._end_ms(now_ms) - self.days * DAY
        return Window(start - self.days * DAY, start, self.machines, self.statuses)

    def _end_ms(self, now_ms: int) -> int:
        if self.until is None:
            return -(-now_ms // HOUR) * HOUR
        return _midnight_ms(self.until) + DAY

    @property
    def words(self) -> str:
        """The span as it reads in a sentence: `in the last 7 days`."""
        if self.days is None:
            return f"up to {self.until}" if self.until else "in the whole store"
        length = "24 hours" if self.days == 1 else f"{self.days} days"
        return f"in the {length} to {self.until}" if self.until else f"in the last {length}"

    @property
    def words_before(self) -> str:
        """What it is compared with: `the 7 days before`."""
        return "the day before" if self.days == 1 else f"the {self.days} days before"

    @property
    def narrowing(self) -> str:
        """What is left out besides time: `, 2 machines, FAILED only`; empty when nothing is."""
        machines = [f", {counted(len(self.machines), 'machine')}"] if self.machines else []
        statuses = [f", {' and '.join(self.statuses)} only"] if self.statuses else []
        return "".join([*machines, *statuses])

    def parameters(self) -> list[tuple[str, str]]:
        """The choice as query parameters; what is the default is not said."""
        return [
            *([("window", self.span)] if self.span != DEFAULT_SPAN else []),
            *([("until", self.until.isoformat())] if self.until else []),
            *(("machine", machine) for machine in self.machines),
            *(("status", status) for status in self.statuses),
        ]

    def of_machine(self, machine: str) -> Filters:
        """The same, of one machine."""
        return replace(self, machines=(machine,))


def refused(parameters: Mapping[str, Sequence[str]], machines: Sequence[str]) -> list[str]:
    """What in a URL's filters cannot be meant, a sentence each; for these the default is shown."""
    return [
        *(f"window={value} is no window; it is one of {', '.join(SPANS)}." for value in _unknown(parameters, "window")),
        *(f"until={value} is no date; it is written as 2026-10-31." for value in _bad_dates(parameters)),
        *(f"status={value} is no status; see the list." for value in _unknown(parameters, "status")),
        *(
            f"machine={value} is not in this store."
            for value in parameters.get("machine", ())
            if value and value not in machines
        ),
    ]


_KNOWN = {"window": tuple(SPANS), "status": STATUSES}


def _unknown(parameters: Mapping[str, Sequence[str]], name: str) -> list[str]:
    return [value for value in parameters.get(name, ()) if value and value not in _KNOWN[name]]


def _bad_dates(parameters: Mapping[str, Sequence[str]]) -> list[str]:
    return [value for value in parameters.get("until", ()) if value and not _is_date(value)]


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _midnight_ms(day: date) -> int:
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000


def utc_date(ms: int) -> date:
    """The UTC date of a time."""
    return datetime.fromtimestamp(ms / 1000, UTC).date()
