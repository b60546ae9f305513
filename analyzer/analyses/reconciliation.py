"""What AWS counted and billed beside what the histories say."""

from __future__ import annotations

import pandas as pd

from analyzer.columns import count, number, text, time
from analyzer.frames import frame_from
from analyzer.ratios import ratio
from analyzer.reconciling import by_place, explanation
from analyzer.registry import Facts, analysis
from store.schema import FLAG, Column

COLUMNS = (
    time("day_at", "UTC day"),
    text("account", "AWS account; empty when the bill is that of all that pay together"),
    text("region", "AWS Region"),
    count("executions", "Standard executions that started"),
    count("executions_unknown", "of them without a whole history: expired, denied, sampled or cut"),
    count("transitions", "state transitions counted from histories, on the day on which they were made"),
    count("transitions_max", "the same, should AWS also bill the start of an execution"),
    count("redrives", "of them redrives, one each"),
    number("consumed_capacity", "what CloudWatch counted as ConsumedCapacity of StateTransition; empty when not read"),
    number("billed_transitions", "usage quantity of Cost Explorer; empty when not asked"),
    Column("settled", FLAG, "whether the day's bill is whole"),
    number("residual_transitions", "billed less counted"),
    number("residual_rate", "of the billed ones"),
    text("explanation", "what may lie between them"),
)


@analysis(counts="executions", columns=COLUMNS)
def reconciliation(facts: Facts) -> pd.DataFrame:
    """Do our transitions agree with CloudWatch's and with the bill, and if not, why?

    One row per UTC day, account and Region, the newest last. Needs `stepscope billing` for the bill and the collected
    metrics for CloudWatch's count; what was not asked for is empty.
    """
    found = by_place(facts)
    missed = _missed_machines(facts.records["coverage"])
    found["transitions_max"] = found["transitions"] + found["executions"]
    found["residual_transitions"] = found["billed_transitions"] - found["transitions"]
    found["residual_rate"] = ratio(found["residual_transitions"], found["billed_transitions"])
    found["explanation"] = [explanation(row, missed) for row in found.to_dict("records")]
    named = found.assign(**{name: found[name].replace("", None) for name in ("account", "region")})
    return frame_from(named.to_dict("records"), COLUMNS)


def _missed_machines(coverage: pd.DataFrame) -> int:
    """Machines of which the last pass that tried them got nothing."""
    of_machines = coverage.dropna(subset=["machine"])
    last = of_machines.groupby(["account", "region", "machine", "source"]).last()
    return int((~last["outcome"].isin(["complete", "partial", "sampled"])).sum())
