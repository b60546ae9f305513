"""What the containers of each machine cost with what they hold: cost by path."""

from __future__ import annotations

import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, text
from analyzer.costs import ATTEMPT_COLUMNS, ATTEMPT_COUNTS, WHOLE, as_whole, costs_by
from analyzer.expressions import columns
from analyzer.ratios import ranked, share
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    text("path", "containers around the states, outermost first; empty at top level, `(execution)` for Express"),
    *ATTEMPT_COLUMNS,
)


@analysis(counts="attempts", columns=COLUMNS)
def cost_by_path(facts: Facts) -> pd.DataFrame:
    """What do the states inside each container cost?

    One row per machine and path, the dearest first. A container's own transitions stand under the path around it, so
    that every attempt is in one row; the children of a Distributed Map stand with the Map.
    """
    costs = costs_by(facts, columns(["path"]), ATTEMPT_COUNTS, as_whole(path=WHOLE))
    return ranked(costs.assign(cost_share=share(costs["cost_usd"])), "cost_usd", [*MACHINE, "path"])
