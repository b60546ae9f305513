"""A stand-in for AWS that knows the truth: it runs small machines and writes the events that AWS would write.

`programs()` draws machines, `simulated()` runs one, and what really happened stands beside the events, noted as it
happened. Which event points at which is as recorded from AWS (docs/histories.md).
"""

from __future__ import annotations

from tests.analyzer.simulator.ledger import Ledger, Try, Visit
from tests.analyzer.simulator.program import Body, Definition, programs
from tests.analyzer.simulator.runs import Recording, simulated

__all__ = ["Body", "Definition", "Ledger", "Recording", "Try", "Visit", "programs", "simulated"]
