"""The answers of the pages on time, paths and changes as sentences with numbers: tables to Markdown. Pure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analyzer.comparison import Divergence
from dashboard.answers import total
from dashboard.filters import Filters
from dashboard.links import linked
from dashboard.wording import ago, as_code, as_sentence, count, counted, day, duration, share, usd

PART_WORDS = {
    "run": "at work",
    "external": "waiting for what was called",
    "wait": "in Wait states",
    "backoff": "waiting to try again",
    "queue": "in queues",
    "between": "between events",
}


def time_spent(parts: pd.DataFrame, states: pd.DataFrame, changes: pd.DataFrame, filters: Filters) -> str:
    """What became slower, where the time goes, and what a faster state would save."""
    if parts.empty:
        return f"No execution that ended {filters.words}{filters.narrowing} has a history, so no time can be told."
    top = parts.iloc[0]
    spent = parts[(parts["machine"] == top["machine"]) & (parts["part"] != "idle")]
    sentence = (
        f"{as_code(top['machine'])} takes most time {filters.words}{filters.narrowing}:"
        f" {duration(total(spent, 'time_ms'))} in {counted(int(top['executions']), 'execution')}, of which"
        f" **{share(top['time_share'])} {PART_WORDS[str(top['part'])]}** on the"
        f" {linked('critical path', 'critical path')}."
    )
    return " ".join(part for part in (slower(changes), sentence, _worth_it(states)) if part)


def _worth_it(states: pd.DataFrame) -> str:
    """The state whose being faster would save most, among those that work."""
    tasks = states[(states["state_type"] == "Task") & states["saving_p50_ms"].notna()]
    if tasks.empty:
        return ""
    top = tasks.assign(worth=tasks["saving_p50_ms"] * tasks["visits_critical"]).sort_values("worth").iloc[-1]
    return (
        f"20 % less run of {as_code(top['state'])} of {as_code(top['machine'])} would save"
        f" {duration(top['saving_p50_ms'])} of an execution at the median, {duration(top['saving_p95_ms'])} at p95."
    )


def slower(changes: pd.DataFrame) -> str:
    """The dependency that became slow on a day of its own, if one did."""
    found = changes[
        (changes["change"] == "shift") & (changes["verdict"] == "worse") & (changes["measure"] != "failure_rate")
    ]
    if found.empty:
        return ""
    top = found.iloc[0]
    state = f"{as_code(top['state'])} of " if pd.notna(top["state"]) else ""
    return (
        f"**{state}{as_code(top['machine'])} became slower on {day(top['changed_at'])}**, without a"
        f" {linked('deploy', 'deploy')}: an execution took {duration(top['before'])} before and"
        f" {duration(top['after'])} since."
    )


def maps(found: pd.DataFrame) -> str:
    """Whether iterations wait for each other, and the slowest one."""
    top = found.iloc[0]
    full = found[found["saturation_share"].fillna(0) >= SATURATED]
    waiting = (
        f"{as_code(full.iloc[0]['state'])} of {as_code(full.iloc[0]['machine'])} runs as many iterations at once as"
        f" MaxConcurrency allows, {count(full.iloc[0]['concurrency_limit'])}, for"
        f" {share(full.iloc[0]['saturation_share'])} of its time."
        if len(full)
        else "No Map is held back by its MaxConcurrency for long."
    )
    return (
        f"{waiting} The slowest iteration, of {as_code(top['state'])} of {as_code(top['machine'])}, took"
        f" {duration(top['iteration_max_ms'])}; half of them no longer than {duration(top['iteration_p50_ms'])}."
    )


SATURATED = 0.3


def ways(paths: pd.DataFrame, edges: pd.DataFrame, filters: Filters) -> str:
    """How many ways there are, the one that fails most, and what was never or not rightly taken."""
    if paths.empty:
        return f"No execution {filters.words}{filters.narrowing} has a history, so no way is known."
    machines = len(paths[["machine", "region", "account"]].drop_duplicates())
    worst = paths[paths["failed"] > 0].sort_values("failed", ascending=False, kind="stable")
    failing = ""
    if len(worst):
        top = worst.iloc[0]
        failing = (
            f" Most failures end the way {as_code(top['variant'])} of {as_code(top['machine'])}:"
            f" **{count(top['failed'])} of {counted(int(top['executions']), 'execution')}**."
        )
    return (
        f"**{linked(counted(len(paths), 'variant'), 'variant')}** of {counted(machines, 'machine')}"
        f" {filters.words}{filters.narrowing}.{failing}{_not_taken(edges)}{_drifted(edges)}"
    )


def _not_taken(edges: pd.DataFrame) -> str:
    unused = edges[(edges["traversals"] == 0) & edges["is_defined"].fillna(value=False)]
    if unused.empty:
        return " Every way of the definitions was taken."
    top = unused.iloc[0]
    way = as_code(f"{top['source'] if pd.notna(top['source']) else 'start'} → {top['target']}")
    never = f"{counted(len(unused), 'way')} of the definitions {'was' if len(unused) == 1 else 'were'} never taken"
    return f" {never}, such as {way} of {as_code(top['machine'])}."


def _drifted(edges: pd.DataFrame) -> str:
    drift = edges[~edges["is_defined"].fillna(value=True)]
    if drift.empty:
        return ""
    top = drift.sort_values("traversals", ascending=False, kind="stable").iloc[0]
    way = as_code(f"{top['source'] if pd.notna(top['source']) else 'start'} → {top['target']}")
    ways = f"{counted(len(drift), 'way')} {'is' if len(drift) == 1 else 'are'} in no newest definition"
    return (
        f" {ways} ({linked('drift', 'drift')}): most often {way} of {as_code(top['machine'])},"
        f" {counted(int(top['traversals']), 'time')}."
    )


def changed(changes: pd.DataFrame, filters: Filters) -> str:
    """The change that made most worse, what it changed, and what else there is."""
    worse = changes[changes["verdict"] == "worse"]
    if worse.empty:
        looked = len(changes[["machine", "region", "account", "changed_at"]].drop_duplicates())
        compared = f" {counted(looked, 'change')} of a revision was compared." if looked else ""
        return f"Nothing became worse {filters.words}{filters.narrowing}, as far as the numbers can tell.{compared}"
    top = worse.iloc[0]
    others = len(worse[["machine", "changed_at"]].drop_duplicates()) - 1
    more = f" {counted(others, 'other change')} made something worse too." if others else ""
    return f"{told(top)}{_definition(top)}{more}"


def told(row: pd.Series) -> str:
    """One change as a sentence."""
    rose = f"{measured(row, 'before')} before, {measured(row, 'after')} since"
    if row["change"] == "shift":
        state = f", most of it in {as_code(row['state'])}" if pd.notna(row["state"]) else ""
        return (
            f"**{as_code(row['machine'])} changed on {day(row['changed_at'])} without a deploy**:"
            f" {MEASURE_WORDS.get(row['measure'], as_sentence(row['measure']))} {rose}{state}."
        )
    what = as_code(row["state"]) + ": " if pd.notna(row["state"]) else ""
    return (
        f"**Revision {as_code(row['revision'])} of {as_code(row['machine'])}, of {day(row['changed_at'])}, made it"
        f" worse**: {what}{MEASURE_WORDS.get(row['measure'], as_sentence(row['measure']))} {rose}."
    )


MEASURE_WORDS = {
    "failure_rate": "failed executions",
    "retries_per_execution": "retries of an execution",
    "transitions_per_execution": "transitions of an execution",
    "cost_per_execution_usd": "the cost of an execution",
    "duration_p50_ms": "the median duration",
    "duration_p95_ms": "the duration at p95",
    "duration_typical_ms": "the typical duration",
    "run_p50_ms": "the median run",
    "run_p95_ms": "the run at p95",
}


def measured(row: pd.Series, side: str) -> str:
    """A measure before or after, in its unit."""
    value, measure = row[side], str(row["measure"])
    if measure == "failure_rate":
        return share(value)
    if measure.endswith("_usd"):
        return usd(value).replace("$", "\\$")
    return duration(value) if measure.endswith("_ms") else f"{value:,.2f}"


def _definition(row: pd.Series) -> str:
    """What the revision changed."""
    if pd.isna(row["definition_changes"]):
        return ""
    return f" It changed the definition: {as_sentence(row['definition_changes'])}."


def nearest_limit(runway: pd.DataFrame, now_ms: int) -> str:
    """What is critical or a warning, nearest first, or how near the nearest is."""
    if runway.empty:
        return "Nothing that has a limit was used."
    near = runway[runway["level"] != "ok"]
    top = runway.iloc[0]
    whose = as_code(top["machine"]) if pd.notna(top["machine"]) else f"the account in {as_code(top['region'])}"
    used = f"{limit_words(str(top['limit_name']))} of {whose}: **{share(top['used_share'])}** of the limit used"
    when = f", reached on {day(top['reached_at'])}" if pd.notna(top["reached_at"]) else ""
    if near.empty:
        return f"No limit is near. The nearest is {used}{when}."
    critical = int((near["level"] == "critical").sum())
    expiring = f" ({ago(top['reached_at'], now_ms)})" if pd.notna(top["reached_at"]) else ""
    return (
        f"**{counted(len(near), 'limit')} near**, {count(critical)} of them critical. First: {used}{when}{expiring};"
        f" then {as_sentence(top['what_then'])}."
    )


def limit_words(name: str) -> str:
    """A limit's name as words."""
    return LIMIT_WORDS.get(name, name.replace("_", " "))


LIMIT_WORDS = {
    "history_events": "events in the history",
    "express_duration_ms": "the duration",
    "history_expiry_days": "the age of histories not collected yet",
    "redrive_expiry_days": "the age of failures that can be redriven",
    "transitions_per_minute": "transitions in a minute",
    "starts_per_minute": "starts in a minute",
    "open_executions": "open executions",
    "open_map_runs": "open Map Runs",
}


def stuck(found: pd.DataFrame) -> str:
    """How many executions run for too long, and the most excessive one."""
    if found.empty:
        return "No open execution has run for longer than 99 of 100 of its machine do."
    top = found.iloc[0]
    state = f", in {as_code(top['last_state'])}" if pd.notna(top["last_state"]) else ""
    others = " and other machines" if len(set(found["machine"])) > 1 else ""
    return (
        f"**{counted(len(found), 'execution')}** of {as_code(top['machine'])}{others} ran for longer than 99 of 100 do;"
        f" the most excessive for {duration(top['age_ms'])}{state}, where half take {duration(top['duration_p50_ms'])}."
    )


def failing_differs(found: pd.DataFrame, filters: Filters) -> str:
    """The state by which failed executions are told from successful ones most clearly."""
    if found.empty:
        return f"No machine has both failed and successful executions {filters.words}{filters.narrowing}."
    top = found.iloc[0]
    state = f"{as_code(top['state'])} of {as_code(top['machine'])}"
    return (
        f"{state} tells them apart most: **{share(top['failed_reached_rate'])}**"
        f" of its failed executions enter it, and **{share(top['succeeded_reached_rate'])}** of its successful ones"
        f" {filters.words}{filters.narrowing}."
    )


def parting(parted: Divergence | None) -> str:
    """Where the ways of two executions part."""
    if parted is None:
        return "Both took the same way."
    behind = f"after {as_code(parted.after)}" if parted.after is not None else "at once"
    inside = f" in {as_code(parted.path)}" if parted.path else ""
    ways = [f"went to {as_code(state)}" if state is not None else "ended" for state in (parted.first, parted.second)]
    return f"Their ways part{inside} **{behind}**: the first {ways[0]}, the second {ways[1]}."


def plain_rows(attempts: pd.DataFrame) -> list[dict[str, Any]]:
    """Attempts as rows, None for an empty cell."""
    rows = attempts.astype(object).where(attempts.notna(), None).to_dict("records")
    return [{str(name): cell for name, cell in row.items()} for row in rows]
