"""What a rule found."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One breach of one rule by one machine.

    `sentence` says it in words, `value` is what was measured and `threshold` what is allowed, both in `unit`: rate
    (0..1), ms, usd or executions. `subject` tells findings of one rule and machine apart, such as the id of an issue.
    """

    machine: str
    rule: str
    sentence: str
    value: float
    threshold: float
    unit: str
    subject: str = ""

    @property
    def key(self) -> str:
        """What stays the same while the breach lasts: by it a finding is told once."""
        return f"{self.machine}/{self.rule}/{self.subject}"
