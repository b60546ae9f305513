"""The questions as a pandas notebook would ask them: read the rows that are needed, group, count.

Nothing here is tuned, and nothing is wrong: each answer says a total that must equal that of the analysis.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

STATE = ["machine", "region", "account", "state", "state_type"]
FAILED = ["failed", "timed_out"]


def read(folder: Path, table: str, columns: list[str], since_ms: int, until_ms: int) -> pd.DataFrame:
    """Rows of a fact table whose execution started in the window."""
    started = "started_at" if table == "executions" else "execution_started_at"
    first, last = (str(pd.Timestamp(ms, unit="ms").date()) for ms in (since_ms, until_ms - 1))
    paths = [path for path in sorted((folder / "facts" / table).glob("*.parquet")) if first <= path.stem <= last]
    rows = pd.concat([pd.read_parquet(path, columns=[*columns, started]) for path in paths], ignore_index=True)
    return rows[rows[started].between(since_ms, until_ms, inclusive="left")]


def state_latency(folder: Path, since_ms: int, until_ms: int) -> int:
    """Quantiles of run and queue by state."""
    rows = read(folder, "attempts", [*STATE, "run_ms", "queue_ms"], since_ms, until_ms)
    rows = rows[rows["run_ms"].notna()]
    groups = rows.groupby(STATE, dropna=False)
    quantiles = [groups[["run_ms", "queue_ms"]].quantile(at).add_suffix(f"_{at}") for at in (0.5, 0.95, 0.99, 1.0)]
    answer = pd.concat([groups.size().rename("attempts"), *quantiles], axis="columns")
    return int(answer["attempts"].sum())


def retry_rates(folder: Path, since_ms: int, until_ms: int) -> int:
    """Visits, attempts and retries by state and first error."""
    columns = [*STATE, "visit_error", "attempt", "outcome", "backoff_ms", "cost_usd"]
    rows = read(folder, "attempts", columns, since_ms, until_ms)
    rows = rows[rows["state_type"].isin(["Task", "Parallel", "Map"])]
    rows["is_first"], rows["is_retry"] = rows["attempt"] == 1, rows["attempt"] > 1
    rows["recovered"] = rows["is_retry"] & (rows["outcome"] == "succeeded")
    sums = rows.groupby([*STATE, "visit_error"], dropna=False)
    answer = sums[["is_first", "is_retry", "recovered", "backoff_ms", "cost_usd"]].sum()
    answer["retries_per_visit"] = answer["is_retry"] / answer["is_first"]
    return int(answer["is_retry"].sum())


def failure_hotspots(folder: Path, since_ms: int, until_ms: int) -> int:
    """Failures by state, error and what became of them."""
    columns = [*STATE, "error", "outcome", "handled", "is_root", "ended_at", "execution_id", "cost_usd"]
    rows = read(folder, "attempts", columns, since_ms, until_ms)
    rows = rows[rows["outcome"].isin(FAILED)]
    answer = rows.groupby([*STATE, "error", "handled", "is_root"], dropna=False).agg(
        failures=("outcome", "size"),
        executions=("execution_id", "nunique"),
        first_seen_at=("ended_at", "min"),
        last_seen_at=("ended_at", "max"),
        cost_usd=("cost_usd", "sum"),
    )
    return int(answer["failures"].sum())


def executions_by_day(folder: Path, since_ms: int, until_ms: int) -> int:
    """Executions by day, machine and status."""
    columns = ["machine", "region", "account", "status", "attempts", "retries", "cost_usd"]
    rows = read(folder, "executions", columns, since_ms, until_ms)
    rows["day"] = pd.to_datetime(rows["started_at"], unit="ms").dt.date
    by_day = rows.groupby(["day", "machine", "region", "account"], dropna=False)
    answer = by_day[["attempts", "retries", "cost_usd"]].sum()
    answer["executions"] = by_day.size()
    return int(answer["executions"].sum())


PEERS: dict[str, tuple[Callable[[Path, int, int], int], str]] = {
    "state_latency": (state_latency, "attempts"),
    "retry_rates": (retry_rates, "retries"),
    "failure_hotspots": (failure_hotspots, "failures"),
    "executions_by_day": (executions_by_day, "executions"),
}
"""By analysis: the notebook's answer, and the column of the analysis that must have the same sum."""
