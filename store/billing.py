"""What Cost Explorer says was used: kept, because each question costs money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from store.migrations import MS_PER_DAY
from store.sqlite import Database

SETTLED_AFTER_DAYS = 3
"""Cost Explorer is brought up to date at least once a day and may be late (its user guide): a day that was asked for so
long after its end is taken to be whole, even while AWS calls the month an estimate."""


class BillingLine(NamedTuple):
    """A quantity of one usage type on one UTC day (since 1970) in one Region."""

    day: int
    region: str
    usage_type: str
    quantity: float


class DaySpan(NamedTuple):
    """UTC days since 1970, the last not within."""

    first: int
    after: int


def days_to_ask(db: Database, account: str, wanted: DaySpan) -> list[DaySpan]:
    """The stretches of days that are not settled yet; each is one question."""
    known = db.execute("SELECT day FROM billing_days WHERE account = ? AND settled", [account])
    settled = {int(row[0]) for row in known}
    spans: list[DaySpan] = []
    for day in range(*wanted):
        if day in settled:
            continue
        if spans and spans[-1].after == day:
            spans[-1] = spans[-1]._replace(after=day + 1)
        else:
            spans.append(DaySpan(day, day + 1))
    return spans


def save_billing(
    db: Database, account: str, span: DaySpan, lines: Iterable[BillingLine], final: Sequence[int], now_ms: int
) -> None:
    """Replace what is known of these days; `final` are those that AWS no longer calls an estimate."""
    days = [(account, day, _is_settled(day, final, now_ms), now_ms) for day in range(*span)]
    with db.atomic():
        db.execute("DELETE FROM billing_lines WHERE account = ? AND day >= ? AND day < ?", [account, *span])
        db.conn.executemany("INSERT OR REPLACE INTO billing_days VALUES (?, ?, ?, ?)", days)
        db.conn.executemany("INSERT INTO billing_lines VALUES (?, ?, ?, ?, ?)", [(account, *line) for line in lines])


def _is_settled(day: int, final: Sequence[int], now_ms: int) -> bool:
    return day in final or now_ms >= (day + 1 + SETTLED_AFTER_DAYS) * MS_PER_DAY
