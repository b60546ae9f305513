from __future__ import annotations

from analyzer.advice.rule import ErrorUse, Evidence, RetryUse, StateUse, times
from tests.analyzer.advice.hinted import LAMBDA, NOW, ORDERS, facts
from tests.analyzer.rows import DAY, TRANSITION_USD, Row

FAILED: Row = {"outcome": "failed", "error": "Declined", "handled": "retried"}
TRIES: list[Row] = [
    FAILED,
    {"attempt": 2, "visit_error": "Declined"},
    {**FAILED, "execution_id": 2, "is_root": True, "execution_status": "FAILED", "handled": "uncaught"},
    {"execution_id": 3, "outcome": "running", "entered_at": NOW - 2 * DAY},
]


def test_what_happened_in_a_state_is_counted_by_state_error_and_retry() -> None:
    evidence = Evidence(facts({"Charge": LAMBDA}, TRIES, [{}]))
    assert evidence.use(ORDERS, "Charge") == StateUse(4, 2, 1, 1, 4, 4 * TRANSITION_USD) == evidence.total(ORDERS)
    assert evidence.errors(ORDERS, "Charge") == [ErrorUse("Declined", 2, 1)]
    assert evidence.retries(ORDERS, "Charge") == [RetryUse("Declined", 1, 1, TRANSITION_USD)]


def test_where_nothing_happened_nothing_is_counted() -> None:
    evidence = Evidence(facts({"Charge": LAMBDA}))
    assert evidence.use(ORDERS, "Charge") == StateUse() == evidence.total(ORDERS)
    assert (evidence.errors(ORDERS, "Charge"), evidence.retries(ORDERS, "Charge")) == ([], [])


def test_a_number_and_its_noun() -> None:
    assert (times(1, "retry", "retries"), times(1_200, "attempt")) == ("1 retry", "1,200 attempts")
