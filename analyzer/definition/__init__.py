"""A state machine's definition (Amazon States Language) as states, edges and what keeps it from being Express."""

from __future__ import annotations

from analyzer.definition.express import Blocker, express_blockers, express_warnings
from analyzer.definition.parsing import parse_definition
from analyzer.definition.states import (
    Catcher,
    Definition,
    Edge,
    ItemBatcher,
    Items,
    Retrier,
    State,
    Task,
    Wait,
)

__all__ = [
    "Blocker",
    "Catcher",
    "Definition",
    "Edge",
    "ItemBatcher",
    "Items",
    "Retrier",
    "State",
    "Task",
    "Wait",
    "express_blockers",
    "express_warnings",
    "parse_definition",
]
