"""What a source is connected by: something that answers, how it is paced, and what it was asked."""

from __future__ import annotations

import threading
from collections import Counter
from typing import NamedTuple

from collectors.api import Api
from collectors.quota import Budget

THREADS = 8
"""Enough to use 20 calls a second at 400 ms each."""


class Meter:
    """Requests sent, by operation, and how many of them were throttled."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Count from zero, for a new pass."""
        self.calls: Counter[str] = Counter()
        self.throttled = 0

    def sent(self, operation: str) -> None:
        """Count a request, a retry as well as a first try."""
        with self._lock:
            self.calls[operation] += 1

    def slowed(self) -> None:
        """Count an answer that asked to slow down."""
        with self._lock:
            self.throttled += 1


class Connection(NamedTuple):
    """A target that can be asked. `budget` is None when nothing limits the pace, as with recordings."""

    name: str
    api: Api
    meter: Meter
    budget: Budget | None = None
