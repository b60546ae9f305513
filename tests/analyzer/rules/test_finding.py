from __future__ import annotations

from analyzer.rules.finding import Finding


def test_a_finding_keeps_its_key_while_the_breach_lasts_whatever_is_measured() -> None:
    first = Finding("orders", "failure_rate", "4 % fail.", 0.04, 0.01, "rate")
    assert first.key == first._replace(sentence="9 % fail.", value=0.09).key
    assert first.key != first._replace(subject="in us-east-1").key
