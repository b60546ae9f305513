"""What the money went into: work that counted, flow, retries, failures, work that was lost."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, number, text
from analyzer.costs import ATTEMPT_COLUMNS, ATTEMPT_COUNTS, IN_VAIN, costs_by
from analyzer.expressions import is_attempt, is_failure, is_retry
from analyzer.ratios import of_group, ranked, ratio, share
from analyzer.registry import Facts, analysis

OVERHEAD = ("Choice", "Pass", "Wait")
PURPOSES = ("work", "overhead", "retries", "failures", "lost work", "redrives")
"""From what was wanted to what was in vain."""

COLUMNS = (
    *MACHINE_COLUMNS,
    text("purpose", "work, overhead, retries, failures, lost work or redrives: the last of them that is true"),
    *ATTEMPT_COLUMNS,
    number("machine_share", "of the cost of the machine"),
)
KEY = [*MACHINE, "purpose"]


@analysis(counts="attempts", columns=COLUMNS)
def cost_by_purpose(facts: Facts) -> pd.DataFrame:
    """What was the money spent on: work that counted, overhead, retries, failures?

    One row per machine and purpose. `lost work` is what succeeded in an execution that in the end did not, `failures`
    the attempts that failed, `retries` those that made up for them, `overhead` the Choice, Pass and Wait states,
    `redrives` the transitions that redrives are, `work` all else. An Express execution is work or lost as a whole.
    """
    costs = costs_by(facts, {"purpose": _purpose()}, ATTEMPT_COUNTS, {"purpose": _of_execution()})
    costs["cost_share"] = share(costs["cost_usd"])
    costs["machine_share"] = ratio(costs["cost_usd"], of_group(costs, MACHINE, "cost_usd"))
    known = costs[costs["attempts"].gt(0) | costs["cost_usd"].notna()]
    return ranked(known, "cost_usd", KEY)


def _purpose() -> nw.Expr:
    """The purpose of an attempt."""
    is_lost = nw.col("execution_status").is_in(list(IN_VAIN))
    is_overhead = nw.col("state_type").is_in(list(OVERHEAD))
    work = nw.when(is_overhead).then(nw.lit("overhead")).otherwise(nw.lit("work"))
    kept = nw.when(is_lost).then(nw.lit("lost work")).otherwise(work)
    tried = nw.when(is_retry).then(nw.lit("retries")).otherwise(kept)
    ended = nw.when(is_failure).then(nw.lit("failures")).otherwise(tried)
    return nw.when(~is_attempt).then(nw.lit("redrives")).otherwise(ended)


def _of_execution() -> nw.Expr:
    is_lost = nw.col("status").is_in(list(IN_VAIN))
    return nw.when(is_lost).then(nw.lit("lost work")).otherwise(nw.lit("work"))
