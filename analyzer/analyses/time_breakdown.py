"""Where the time of a machine's executions goes, along what decided their end."""

from __future__ import annotations

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text
from analyzer.expressions import flag, is_partial, one, totals
from analyzer.frames import collected, frame_from
from analyzer.metrics import throttled
from analyzer.parts import PARTS
from analyzer.ratios import ratio
from analyzer.registry import Facts, analysis
from store.quantiles import quantile_column, quantiles_by

BETWEEN, IDLE = "between", "idle"
AT = {"p50_ms": 0.5, "p95_ms": 0.95}

COLUMNS = (
    *MACHINE_COLUMNS,
    text("part", "queue, run, external, wait, backoff or between: together the duration; idle stands apart from it"),
    number("time_share", "of the duration of all executions; empty for idle, which is no part of it"),
    count("time_ms", "in all executions together"),
    number("p50_ms", "half of the executions spent no longer on it"),
    number("p95_ms", "95 of 100 executions spent no longer on it"),
    count("executions", "executions looked at: ended, with a history"),
    count(
        "transitions_throttled",
        "transitions and retries that AWS held up in that time, by CloudWatch; empty if unknown",
    ),
    count("executions_partial", "those of them whose history is not complete"),
)


@analysis(counts="executions", columns=COLUMNS)
def time_breakdown(facts: Facts) -> pd.DataFrame:
    """Where does the time of each machine's executions go?

    One row per machine and part, the part that takes most first, along the critical path: of branches side by side only
    the one that ended last counts, so that the parts add up to the duration. External is waiting for a job, a callback,
    a worker or the children of a Distributed Map. Backoff includes the time in which AWS throttled the transition.
    Between is what lies between events. Idle, before redrives, is shown apart.
    """
    known = facts.executions.filter(~nw.col("critical_run_ms").is_null(), ~nw.col("duration_ms").is_null())
    counted = known.select(*MACHINE, **_parts(), executions=one, executions_partial=flag(is_partial))
    names = (*PARTS, BETWEEN, IDLE)
    doubled = counted.with_columns(**{f"{name} total": nw.col(name) for name in names})
    sums = [*(f"{name} total" for name in names), "executions", "executions_partial"]
    found = collected(quantiles_by(doubled, MACHINE, names, list(AT.values()), sums))
    found["transitions_throttled"] = _throttled(facts, found)
    return _ranked(pd.concat([_of_part(found, name) for name in names], ignore_index=True))


def _throttled(facts: Facts, found: pd.DataFrame) -> list[int | None]:
    """What CloudWatch counted of each machine in the time of its executions; None where it was not asked."""
    metrics = facts.records["metrics"]
    if metrics.empty:
        return [None] * len(found)
    started, known = nw.col("started_at"), ~nw.col("started_at").is_null()
    spans = totals(facts.executions.filter(known), MACHINE, first={"first_at": started}, last={"last_at": started})
    counted = throttled(metrics, spans.fillna(dict.fromkeys(MACHINE, "")))
    keys = found[list(MACHINE)].fillna("").itertuples(index=False, name=None)
    return [int(counted[key]) if key in counted.index else None for key in keys]


def _parts() -> dict[str, nw.Expr]:
    """The milliseconds of each part, of one execution."""
    spent = {name: nw.col(f"critical_{name}_ms") for name in PARTS}
    duration, elapsed = nw.col("duration_ms"), nw.col("stopped_at") - nw.col("started_at")
    waited = nw.when(nw.col("redrives") > 0).then(elapsed - duration).otherwise(0)
    left = duration
    for ms in spent.values():
        left = left - ms
    return {**spent, BETWEEN: left, IDLE: nw.when(waited > 0).then(waited).otherwise(0)}


def _of_part(found: pd.DataFrame, name: str) -> pd.DataFrame:
    durations = sum((found[f"{part} total"] for part in (*PARTS, BETWEEN)), start=0 * found["executions"])
    cells = {column: found[quantile_column(name, at)] for column, at in AT.items()}
    shares = ratio(found[f"{name} total"], durations)
    return found.assign(
        part=name,
        time_ms=found[f"{name} total"],
        time_share=shares.mask(found["executions"] > 0) if name == IDLE else shares,
        **cells,
    )


def _ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """By machine, the one that took most time first; within it the largest part first, idle last."""
    counts = rows["time_ms"].mask(rows["part"] == IDLE, 0)
    rows = rows.assign(of_machine=counts.groupby([rows[name] for name in MACHINE], dropna=False).transform("sum"))
    order = ["of_machine", *MACHINE, "time_share", "time_ms", "part"]
    ways = [False, True, True, True, False, False, True]
    shown = rows.sort_values(order, ascending=ways, ignore_index=True)
    return frame_from(shown[[column.name for column in COLUMNS]].to_dict("records"), COLUMNS)
