from __future__ import annotations

from store.metrics import Point, SeriesKey, note_requests, save_points, series_kept
from store.passes import Span, begun_pass
from store.records import record_named, rows_of
from tests.collectors.kept import memory_store, rows

KEY = SeriesKey(None, "123456789012", "us-east-1", "ConsumedCapacity", "Sum", "ListExecutions")


def test_a_series_is_made_once() -> None:
    db = memory_store().db
    first = series_kept(db, [KEY, KEY._replace(subject="")])
    assert [one.id for one in series_kept(db, [KEY])] == [first[0].id]
    assert first[0].id != first[1].id
    assert first[0].read is None


def test_what_was_read_grows_at_both_ends() -> None:
    db = memory_store().db
    (series,) = series_kept(db, [KEY])
    save_points(db, series.id, Span(7_200_000, 10_800_000), [Point(7_200, 3_600, 1.0)])
    save_points(db, series.id, Span(0, 7_200_000), [])
    assert series_kept(db, [KEY])[0].read == Span(0, 10_800_000)
    assert [tuple(row) for row in rows_of(db, record_named("metrics"))] == [
        ("", "us-east-1", "123456789012", "ConsumedCapacity", "Sum", "ListExecutions", 7_200_000, 3_600, 1.0)
    ]


def test_what_was_requested_stands_with_its_pass() -> None:
    store = memory_store()
    pass_id = begun_pass(store.db, "collect", 0)
    note_requests(store.db, pass_id, "us-east-1", 26, "0.00026 USD")
    (row,) = rows(store, "metric_requests")
    assert (row["pass_id"], row["metrics"], row["cost"]) == (pass_id, 26, "0.00026 USD")
