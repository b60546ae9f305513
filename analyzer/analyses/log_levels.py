"""What is not known of Express machines, because their logs do not say it."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, text
from analyzer.expressions import flag, is_partial, one, totals
from analyzer.registry import Facts, analysis
from store.log_levels import OFF, level_sentence

COLUMNS = (
    *MACHINE_COLUMNS,
    text("log_level", "ALL, ERROR, FATAL or OFF, as AWS last said"),
    count("executions", "executions whose log records are here"),
    count("executions_partial", "those of which records are missing, so that they have no duration"),
    text("cannot_tell", "what the level leaves out; empty at ALL, which leaves out nothing"),
)


@analysis(counts="executions", columns=COLUMNS)
def log_levels(facts: Facts) -> pd.DataFrame:
    """What can the logs of each Express machine not tell?

    One row per Express machine that AWS listed, without an execution too: what logs at OFF leaves no other trace.
    """
    known = facts.records["machines"]
    machines = known[(known["type"] == "EXPRESS") & known["log_level"].notna() & known["deleted_at"].isna()]
    counted = totals(
        facts.executions.filter(nw.col("type") == "EXPRESS"),
        MACHINE,
        counts={"executions": one, "executions_partial": flag(is_partial)},
    )
    rows = machines[[*MACHINE, "log_level"]].merge(counted, how="left", on=list(MACHINE))
    for name in ("executions", "executions_partial"):
        rows[name] = rows[name].fillna(0)
    rows["cannot_tell"] = rows["log_level"].map(lambda level: level_sentence(level or OFF)).astype("string")
    return rows.sort_values(list(MACHINE), ignore_index=True)
