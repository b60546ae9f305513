from __future__ import annotations

import pandas as pd

from dashboard.filters import Filters
from dashboard.held import covered, expiring_table, kept_for, own_cost, soon_gone
from store.charged import Charged
from store.retention import Expiring, Retention

DAY = 86_400_000
NOW = 1_790_812_800_000
WEEK = Filters()
NAMES = ["listed", "collected", "running", "sampled", "expired", "denied", "unreadable", "missing", "not_listed"]
ROWS = [
    Expiring("orders", "eu-west-1", "1", 5, 2, NOW + DAY),
    Expiring("[b]images", "eu-west-1", "1", 7, 0, NOW + 2 * DAY),
]


def days(*rows: tuple[int, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=NAMES).astype("Int64")


def test_coverage_is_a_sentence_with_every_reason_that_occurs() -> None:
    sentence = covered(days((10, 6, 2, 1, 0, 0, 0, 1, 0), (10, 9, 0, 0, 0, 1, 0, 0, 3)), WEEK)
    assert "20 executions" in sentence
    assert "history of **15**, 83 % of those that ended" in sentence
    assert "1 not fetched yet, 1 left to a sample, 1 denied by AWS." in sentence
    assert "no longer held" not in sentence
    assert "CloudWatch counted **3 more**" in sentence


def test_nothing_known_is_a_sentence() -> None:
    assert covered(days(), WEEK).startswith("No execution is known")


def test_what_will_be_lost_is_counted_and_dated() -> None:
    sentence = soon_gone(ROWS)
    assert "12 histories will be lost within 14 days" in sentence
    assert "of `orders`, on 2026-10-02" in sentence
    assert "No history" in soon_gone([])


def test_names_of_strangers_are_text() -> None:
    assert "`[b]images`" in soon_gone(ROWS[1:])


def test_a_shorter_retention_is_said() -> None:
    assert kept_for([]) == "AWS keeps executions for 90 days after their end."
    assert "`1 eu-west-1` at most 40 days" in kept_for([Retention("1", "eu-west-1", 40 * DAY, NOW)])


def test_the_collectors_own_cost_is_said() -> None:
    assert own_cost([]).endswith("nothing else was asked.")
    sentence = own_cost([Charged(1, 40_000, "0.4 USD (list price checked 2026-11-20)"), Charged(2, 5, None)])
    assert "40,005 metrics of CloudWatch, \\$0.4" in sentence
    assert "no price was known" in sentence
    assert "1.50 GB scanned" in own_cost([Charged(1, bytes_scanned=1_500_000_000)])


def test_the_most_pressing_stands_first() -> None:
    assert expiring_table(ROWS)["machine"].tolist() == ["orders", "[b]images"]
    assert expiring_table([]).empty
