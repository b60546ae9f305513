"""How many iterations of a Map run at once, and which are slowest."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text
from analyzer.expressions import is_attempt
from analyzer.frames import collected, frame_from
from analyzer.ratios import ranked
from analyzer.registry import Facts, MachineKey, analysis
from analyzer.samples import measured_attempts
from store.quantiles import Table

COLUMNS = (
    *MACHINE_COLUMNS,
    text("state", "name of the Map"),
    count("attempts", "tries of the Map that held iterations, in the executions measured"),
    count("map_iterations", "iterations of them"),
    count("concurrency_max", "the most iterations that ran at once"),
    number("concurrency_mean", "iterations that ran at once, on average over the time of the Map"),
    count("concurrency_limit", "MaxConcurrency of the newest definition; empty when it sets none"),
    number("saturation_share", "share of the Map's time with as many iterations as the limit allows"),
    number("iteration_p50_ms", "half of the iterations took no longer"),
    number("iteration_p95_ms", "95 of 100 iterations took no longer"),
    count("iteration_max_ms", "the slowest iteration"),
    text("slowest_iteration", "its index"),
    text("slowest_execution_arn", "the execution it was in"),
    number("slowest_per_p50", "how many times the median the slowest took"),
)
KEY = [*MACHINE, "state"]
TRY = [*KEY, "execution_id", "parent_id"]


@analysis(counts="attempts", columns=COLUMNS)
def map_concurrency(facts: Facts) -> pd.DataFrame:
    """Do the iterations of a Map wait for each other, and which is slowest?

    One row per inline Map, the one with the slowest iteration first. Where the saturation is high, iterations waited
    for a place: a higher MaxConcurrency would end the Map sooner, if what it calls can bear it.
    """
    spans = _iterations(measured_attempts(facts))
    rows = [_row(dict(zip(KEY, map(str, key), strict=True)), own, facts) for key, own in spans.groupby(KEY, sort=True)]
    return ranked(frame_from(rows, COLUMNS), "iteration_max_ms", KEY)


def _iterations(attempts: Table) -> pd.DataFrame:
    """One row per iteration: the Map's attempt it belongs to, its begin and its end."""
    ended = nw.when(~nw.col("exited_at").is_null()).then(nw.col("exited_at")).otherwise(nw.col("ended_at"))
    maps = attempts.filter(nw.col("state_type") == "Map", nw.col("holds_states")).select(
        *KEY, "execution_id", "execution_arn", parent_id=nw.col("event_id")
    )
    inside = attempts.filter(is_attempt, ~nw.col("iteration").is_null(), ~nw.col("parent_id").is_null()).select(
        "execution_id", "parent_id", "iteration", begin=nw.col("entered_at"), end=ended
    )
    spans = inside.group_by("execution_id", "parent_id", "iteration").agg(nw.col("begin").min(), nw.col("end").max())
    found = collected(maps.join(spans, on=["execution_id", "parent_id"], how="inner"))
    known = found.dropna(subset=["begin", "end"]).fillna(dict.fromkeys(KEY, ""))
    return known.assign(took=known["end"] - known["begin"]).sort_values([*TRY, "begin", "iteration"], ignore_index=True)


def _row(key: Mapping[str, str], own: pd.DataFrame, facts: Facts) -> dict[str, object]:
    limit = _limit(key, facts)
    at_once = _at_once(own)
    median = own["took"].quantile(0.5)
    slowest = own.sort_values(["took", "execution_id", "iteration"], ascending=[False, True, True]).iloc[0]
    most, held = int(at_once["running"].max()), at_once["held"].sum()
    full = at_once.loc[at_once["running"] >= (limit or most), "held"].sum()
    return {
        **{name: cell or None for name, cell in key.items()},
        "attempts": len(own[TRY].drop_duplicates()),
        "map_iterations": len(own),
        "concurrency_max": most,
        "concurrency_mean": (at_once["running"] * at_once["held"]).sum() / held if held else None,
        "concurrency_limit": limit,
        "saturation_share": full / held if held and limit else None,
        "iteration_p50_ms": median,
        "iteration_p95_ms": own["took"].quantile(0.95),
        "iteration_max_ms": slowest["took"],
        "slowest_iteration": str(slowest["iteration"]),
        "slowest_execution_arn": slowest["execution_arn"],
        "slowest_per_p50": slowest["took"] / median if median else None,
    }


def _limit(key: Mapping[str, str], facts: Facts) -> int | None:
    """The most iterations that the definition lets run at once; None when it sets no limit or is not known."""
    definition = facts.definitions.get(MachineKey(key["account"], key["region"], key["machine"]))
    state = definition.states.get(key["state"]) if definition is not None else None
    limit = state.items.max_concurrency if state is not None and state.items is not None else None
    return int(limit) if limit else None


def _at_once(own: pd.DataFrame) -> pd.DataFrame:
    """How many iterations of one try ran at once (`running`), and for how many milliseconds (`held`)."""
    steps = pd.concat(
        [own[TRY].assign(at=own["begin"], step=1), own[TRY].assign(at=own["end"], step=-1)], ignore_index=True
    ).sort_values([*TRY, "at", "step"], ignore_index=True)
    by_try = steps.groupby(TRY, sort=False)
    running = by_try["step"].cumsum()
    held = (by_try["at"].shift(-1) - steps["at"]).fillna(0)
    return pd.DataFrame({"running": running, "held": held})
