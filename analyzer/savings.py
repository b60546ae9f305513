"""What an execution would gain by a faster state, and how much room a branch has: from attempts of some executions."""

from __future__ import annotations

import pandas as pd

from analyzer.columns import STATE

FASTER = 0.2
"""How much of its run a state is supposed to save."""

SCOPE = ["execution_id", "parent_id", "branch", "iteration"]
CONTAINER = ["execution_id", "parent_id"]


def savings(rows: pd.DataFrame) -> pd.DataFrame:
    """By state: `saving_p50_ms` and `saving_p95_ms` of an execution, and `executions_measured`; of rows `placed`.

    A state of a branch can save no more than that branch's lead over the next: from then on the other one is the last.
    """
    depth = _depth(rows)
    gaps = _gaps(rows)
    places = rows.set_index(["execution_id", "event_id"])[["parent_id", "above"]]
    worked = rows[rows["is_critical"] & ~rows["holds_states"] & (rows["run_ms"] > 0)]
    saved = worked.assign(saved=worked["run_ms"] * FASTER, depth=depth[worked.index], inside=worked["parent_id"])
    for level in range(int(depth.max()) if len(depth) else 0, 0, -1):
        saved = _raised(saved, level, gaps, places)
    by_execution = saved.groupby([*STATE, "execution_id"])["saved"].sum()
    grouped = by_execution.groupby(level=list(STATE))
    answer = pd.DataFrame({"saving_p50_ms": grouped.quantile(0.5), "saving_p95_ms": grouped.quantile(0.95)})
    return answer.assign(executions_measured=grouped.size()).reset_index()


def branch_slack(rows: pd.DataFrame) -> pd.DataFrame:
    """By state in a branch: `slack_p50_ms`, how much earlier than the last one its branch ended."""
    inside = rows[rows["above"] == "Parallel"]
    ends = inside.groupby(SCOPE)["end"].max().rename("scope_end").reset_index()
    ends["slack"] = ends.groupby(CONTAINER)["scope_end"].transform("max") - ends["scope_end"]
    slack = inside[[*STATE, *SCOPE]].drop_duplicates().merge(ends, on=SCOPE)
    return slack.groupby(list(STATE))["slack"].quantile(0.5).rename("slack_p50_ms").reset_index()


def placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Plain cells instead of empty ones, each row's end, and the type of the container around it."""
    names = dict.fromkeys([*STATE, "path", "iteration"], "")
    filled = rows.fillna({**names, "parent_id": -1, "branch": -1, "run_ms": 0}).sort_values(
        ["execution_id", "event_id"], ignore_index=True
    )
    filled = filled.assign(end=filled["exited_at"].fillna(filled["ended_at"]).fillna(0).astype("int64"))
    plain = ["execution_id", "event_id", "parent_id", "branch", "run_ms"]
    filled = filled.astype(dict.fromkeys(plain, "int64") | {"is_critical": bool, "holds_states": bool})
    above = filled[["execution_id", "event_id", "state_type"]]
    above = above.rename(columns={"event_id": "parent_id", "state_type": "above"})
    return filled.merge(above, how="left", on=CONTAINER).fillna({"above": ""})


def _depth(found: pd.DataFrame) -> pd.Series:
    """How many containers stand around each row."""
    within = (found["path"] != "").astype("int64")
    return found["path"].str.count("/").astype("int64") + within


def _gaps(found: pd.DataFrame) -> pd.Series:
    """By attempt of a Parallel: by how much its last branch was later than the one before; none with one branch."""
    inside = found[(found["above"] == "Parallel") & (found["outcome"] != "aborted")]
    ends = inside.groupby(SCOPE)["end"].max().reset_index().sort_values([*CONTAINER, "end"])
    ends["gap"] = ends["end"] - ends.groupby(CONTAINER)["end"].shift()
    last = ends.groupby(CONTAINER).tail(1).dropna(subset="gap")
    return last.set_index(CONTAINER)["gap"]


def _raised(saved: pd.DataFrame, level: int, gaps: pd.Series, places: pd.DataFrame) -> pd.DataFrame:
    """What is saved at this depth as a saving of the containers around it."""
    deep, rest = saved[saved["depth"] == level], saved[saved["depth"] != level]
    keys = [*STATE, "execution_id", "inside"]
    raised = deep.groupby(keys)["saved"].sum().reset_index()
    key = pd.MultiIndex.from_frame(raised[["execution_id", "inside"]])
    most = pd.Series(gaps.reindex(key).to_numpy(), index=raised.index).fillna(raised["saved"])
    raised["saved"] = raised["saved"].clip(upper=most)
    raised["inside"] = places["parent_id"].reindex(key).to_numpy()
    return pd.concat([rest[[*keys, "saved", "depth"]], raised.assign(depth=level - 1)], ignore_index=True)
