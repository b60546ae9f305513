from __future__ import annotations

from analyzer.rules.thresholds import is_asked, threshold
from store.settings import settings_from

OWN = """
[[rules.machines]]
machine = "orders"
p95_ms = 5
[[rules.machines]]
machine = "ord*"
p95_ms = 7
failure_rate = 0.1
"""


def test_the_first_that_sets_a_value_holds() -> None:
    rules = settings_from(f"[rules]\nfailure_rate = 0.5\n{OWN}").rules
    assert threshold(rules, "p95_ms", "orders") == 5
    assert threshold(rules, "p95_ms", "ordinary") == 7
    assert threshold(rules, "failure_rate", "orders") == 0.1
    assert threshold(rules, "failure_rate", "ticker") == 0.5
    assert threshold(rules, "p95_ms", "ticker") is None


def test_what_is_set_for_one_machine_is_asked() -> None:
    assert is_asked(settings_from(OWN).rules, "p95_ms")
    assert not is_asked(settings_from(OWN).rules, "masked_rate")
