"""What CloudWatch counted, and up to when it was read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from store.passes import Span
from store.sqlite import Database


class SeriesKey(NamedTuple):
    """One statistic of one metric: of a machine, or of the whole account and Region when `machine_id` is None.

    `subject` is what it is about beside that: the name of an API, `StateTransition`, or nothing.
    """

    machine_id: int | None
    account: str
    region: str
    metric: str
    stat: str
    subject: str = ""


class Series(NamedTuple):
    """A series of the store; `read` is the time for which its values were read, None when they never were."""

    id: int
    key: SeriesKey
    read: Span | None


class Point(NamedTuple):
    """A value; `at` is the epoch second at which its period of so many seconds begins."""

    at: int
    period_s: int
    value: float


def series_kept(db: Database, keys: Iterable[SeriesKey]) -> list[Series]:
    """The series of these keys, in their order, made where they are missing."""
    with db.atomic():
        return [_series(db, key) for key in keys]


def _series(db: Database, key: SeriesKey) -> Series:
    found = db.execute(_FIND, key).fetchone()
    if found is None:
        db.execute(_MAKE, key)
        found = db.execute(_FIND, key).fetchone()
    return Series(int(found[0]), key, None if found[1] is None else Span(int(found[1]), int(found[2])))


_FIND = """
SELECT id, read_from, read_to FROM metric_series WHERE coalesce(machine_id, 0) = coalesce(?, 0) AND account = ?
    AND region = ? AND metric = ? AND stat = ? AND subject = ?
"""
_MAKE = "INSERT INTO metric_series (machine_id, account, region, metric, stat, subject) VALUES (?, ?, ?, ?, ?, ?)"


def save_points(db: Database, series_id: int, read: Span, points: Sequence[Point]) -> None:
    """Save all that was read of a series for a time, in epoch milliseconds, whose end is not within.

    A value that is there already is brought up to date. Values of another period within that time give way, so that
    nothing is counted twice.
    """
    with db.atomic():
        if points:
            db.execute(_OTHER_PERIODS, [series_id, read.first // 1_000, read.last // 1_000, points[0].period_s])
        db.conn.executemany(_SAVE, ((series_id, *point) for point in points))
        db.execute(_READ, [read.first, read.last, series_id])


_OTHER_PERIODS = "DELETE FROM metric_points WHERE series_id = ? AND at >= ? AND at < ? AND period_s <> ?"
_SAVE = """
INSERT INTO metric_points (series_id, at, period_s, value) VALUES (?, ?, ?, ?)
ON CONFLICT (series_id, at) DO UPDATE SET period_s = excluded.period_s, value = excluded.value
WHERE (period_s, value) IS NOT (excluded.period_s, excluded.value)
"""
_READ = """
UPDATE metric_series SET read_from = min(coalesce(read_from, ?1), ?1), read_to = max(coalesce(read_to, ?2), ?2)
WHERE id = ?3
"""


def note_requests(db: Database, pass_id: int, region: str, metrics: int, cost: str | None) -> None:
    """Note how many metrics a pass requested in a Region, and what AWS charges for them, when that is known."""
    with db.atomic():
        db.execute(
            "INSERT INTO metric_requests (pass_id, region, metrics, cost) VALUES (?, ?, ?, ?)",
            [pass_id, region, metrics, cost],
        )
