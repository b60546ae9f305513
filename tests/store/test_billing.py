from __future__ import annotations

from pathlib import Path

from store.billing import BillingLine, DaySpan, days_to_ask, save_billing
from store.folder import writable_store
from store.migrations import MS_PER_DAY
from store.records import record_named, rows_of

WANTED = DaySpan(100, 110)


def test_a_settled_day_is_never_asked_for_again(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        assert days_to_ask(store.db, "", WANTED) == [WANTED]
        # On day 108 the days until 104 ended three days ago; AWS itself calls 106 final.
        save_billing(store.db, "", WANTED, [], [106], 108 * MS_PER_DAY)
        assert days_to_ask(store.db, "", WANTED) == [DaySpan(105, 106), DaySpan(107, 110)]
        assert days_to_ask(store.db, "111122223333", WANTED) == [WANTED]
        save_billing(store.db, "", DaySpan(105, 110), [], [], 113 * MS_PER_DAY)
        assert days_to_ask(store.db, "", WANTED) == []


def test_a_day_that_is_asked_again_is_replaced(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        for quantity in (5.0, 7.0):
            lines = [BillingLine(100, "us-east-1", "USE1-StateTransition", quantity)]
            save_billing(store.db, "", DaySpan(100, 101), lines, [], 101 * MS_PER_DAY)
        rows = rows_of(store.db, record_named("billing"))
    assert rows == [("", 100 * MS_PER_DAY, "us-east-1", "USE1-StateTransition", 7.0, 0)]
