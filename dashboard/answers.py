"""The answer of each page as sentences with numbers: tables to Markdown. Pure.

Names are shown as code, so that a stranger's text stays text; amounts of money have their `$` escaped.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from analyzer.window import Window
from dashboard.filters import Filters
from dashboard.links import linked
from dashboard.wording import (
    DAY,
    Figure,
    ago,
    as_code,
    as_sentence,
    change,
    count,
    counted,
    day,
    duration,
    instant,
    share,
    usd,
)

STATE = ["machine", "state"]


def money(amount: Figure) -> str:
    """An amount within Markdown, where a bare `$` would begin a formula."""
    return usd(amount).replace("$", "\\$")


def total(frame: pd.DataFrame, column: str) -> float:
    """The sum of a column; 0 for no rows."""
    known = frame[column].dropna()
    return float(known.sum()) if len(known) else 0.0


class Totals(NamedTuple):
    """What a window held altogether, from the rows of `executions_by_day`."""

    executions: int
    failed: int
    ended: int
    masked: int
    succeeded: int
    attempts: int
    retries: int
    cost_usd: float

    @property
    def failure_rate(self) -> float | None:
        """Failed and timed out, of those that ended."""
        return self.failed / self.ended if self.ended else None


def totals(days: pd.DataFrame) -> Totals:
    """The sums of all days and machines."""
    sums = {name: int(total(days, name)) for name in days.columns if name.startswith(_COUNTED)}
    return Totals(
        executions=sums["executions"],
        failed=sums["failed"] + sums["timed_out"],
        ended=sums["executions"] - sums["not_ended"],
        masked=sums["masked_failures"],
        succeeded=sums["succeeded"],
        attempts=sums["attempts"],
        retries=sums["retries"],
        cost_usd=total(days, "cost_usd"),
    )


_COUNTED = ("executions", "failed", "timed_out", "not_ended", "masked_failures", "succeeded", "attempts", "retries")


def overview(now: Totals, before: Totals | None, filters: Filters) -> str:
    """How many executions started, how many failed, and whether that is more than before."""
    ended = f"{share(now.failure_rate)} of those that ended" if now.ended else "none has ended yet"
    started = f"**{counted(now.executions, 'execution')}** started {filters.words}{filters.narrowing}"
    return f"{started}; **{count(now.failed)} failed**, {ended}{_against(now, before, filters)}."


def _against(now: Totals, before: Totals | None, filters: Filters) -> str:
    if before is None or not before.ended or now.failure_rate is None or before.failure_rate is None:
        return ""
    points = (now.failure_rate - before.failure_rate) * 100
    if abs(points) < 0.1:  # noqa: PLR2004 -- what one decimal would show as 0
        return f", as in {filters.words_before}"
    more = "more" if points > 0 else "less"
    return f", {abs(points):,.1f} points {more} than in {filters.words_before}"


def failures(hotspots: pd.DataFrame, rates: pd.DataFrame, filters: Filters, now_ms: int) -> str:
    """Which state fails most, with which error, what its retries cost, and how much of all failing ended a run."""
    if hotspots.empty:
        return f"No attempt failed {filters.words}{filters.narrowing}."
    by_state = hotspots.groupby(STATE)["failures"].sum().sort_values(ascending=False, kind="stable")
    machine, state = by_state.index[0]
    top, retried = _of_state(hotspots, machine, state), _of_state(rates, machine, state)
    failed = total(hotspots, "failures")
    first = top.iloc[0]
    error = f", mostly with {as_code(first['error'])}" if pd.notna(first["error"]) else ""
    made = int(total(retried, "retries"))
    cost = f" Its {counted(made, 'retry', 'retries')} cost {money(total(retried, 'retry_cost_usd'))}." if made else ""
    began = total(hotspots[hotspots["role"] == "root"], "failures")
    return (
        f"**{linked(counted(int(failed), 'attempt'), 'attempt')} failed** {filters.words}{filters.narrowing},"
        f" in {counted(len(by_state), 'state')}. {as_code(state)} of {as_code(machine)} fails most:"
        f" {counted(int(by_state.iloc[0]), 'time')}, {share(by_state.iloc[0] / failed)}{error}, last"
        f" {ago(top['last_seen_at'].max(), now_ms)}.{cost or ' It is not retried.'}"
        f" {counted(int(began), 'failure')} {linked('began', 'root state')} a failed run; what became of the others is"
        " in the column role."
    )


def _of_state(frame: pd.DataFrame, machine: str, state: str) -> pd.DataFrame:
    return frame[(frame["machine"] == machine) & (frame["state"] == state)]


def masked_failures(masked: pd.DataFrame, filters: Filters) -> str:
    """How many executions hide a failure behind a success, and of which machine most."""
    if masked.empty:
        return f"None did {filters.words}{filters.narrowing}."
    top = masked.iloc[0]
    state = f", where {as_code(top['root_state'])} failed" if pd.notna(top["root_state"]) else ""
    return (
        f"**{counted(int(total(masked, 'executions')), 'execution')}** {filters.words}{filters.narrowing}, which"
        f" CloudWatch counts as successes. Most are of {as_code(top['machine'])}{state}: {count(top['executions'])},"
        f" {share(top['masked_failure_rate'])} of its successes."
    )


def retries(rates: pd.DataFrame, filters: Filters) -> str:
    """How much is retried, what that waits and costs, and whether it helps."""
    made = int(total(rates, "retries"))
    if not made:
        return f"Nothing was retried {filters.words}{filters.narrowing}."
    retried, recovered = total(rates, "visits_retried"), total(rates, "visits_recovered")
    by_state = rates.groupby(STATE)["retries"].sum().sort_values(ascending=False)
    machine, state = by_state.index[0]
    return (
        f"**{linked(counted(made, 'retry', 'retries'), 'retry')}** {filters.words}{filters.narrowing}, which"
        f" {linked('waited', 'backoff')} {duration(total(rates, 'backoff_ms'))} before they began and cost"
        f" {money(total(rates, 'retry_cost_usd'))} at {linked('list price', 'cost')}. Of"
        f" {linked(counted(int(retried), 'visit'), 'visit')} retried, **{share(recovered / retried)} succeeded in the"
        f" end**. Most retries were of {as_code(state)} of {as_code(machine)}: {count(by_state.iloc[0])}."
    )


def latency(slowest: pd.DataFrame, filters: Filters) -> str:
    """Which state is slowest, and which queues longest."""
    tasks = slowest[slowest["state_type"] == "Task"]
    timed = tasks if len(tasks) else slowest
    top, busiest = timed.iloc[0], timed.sort_values("run_ms", ascending=False).iloc[0]
    queued = slowest[slowest["queue_p95_ms"].fillna(0) > 0].sort_values("queue_p95_ms", ascending=False)
    most = "it" if top.name == busiest.name else f"{as_code(busiest['state'])} of {as_code(busiest['machine'])}"
    return (
        f"{as_code(top['state'])} of {as_code(top['machine'])} is the slowest task {filters.words}: 95 of 100 tries"
        f" ran no longer than **{duration(top['run_p95_ms'])}**, half of them {duration(top['run_p50_ms'])}."
        f" Most time goes to {most}: **{share(busiest['run_ms'] / total(timed, 'run_ms'))}** of what all tasks ran."
        f" {_queues(queued)}"
    )


def _queues(queued: pd.DataFrame) -> str:
    """Which state waits longest before it begins; a wait that nobody notices has no name."""
    if queued.empty:
        return "No state waited in a queue."
    longest = queued.iloc[0]
    wait = duration(longest["queue_p95_ms"])
    if longest["queue_p95_ms"] < NOTICED_MS:
        return f"No state waits for its work to begin: 95 of 100 tries no longer than {wait}."
    return (
        f"{as_code(longest['state'])} of {as_code(longest['machine'])} {linked('waits longest', 'queue')} before it"
        f" begins: 95 of 100 tries no longer than **{wait}**."
    )


NOTICED_MS = 100


def cost(machines: pd.DataFrame, before: pd.DataFrame | None, filters: Filters) -> str:
    """What was spent at list price, on what, and how much of it in vain."""
    spent, top = total(machines, "cost_usd"), machines.iloc[0]
    earlier = change(spent, total(before, "cost_usd")) if before is not None else None
    compared = f", {earlier} against {filters.words_before}" if earlier else ""
    if not spent:
        return f"No cost is known {filters.words}{filters.narrowing}; the column cost note says why."
    retried, vain = total(machines, "retry_cost_usd"), total(machines, "failed_executions_cost_usd")
    return (
        f"**{money(spent)}** at {linked('list price', 'cost')}, before the free tier,"
        f" {filters.words}{filters.narrowing}{compared}."
        f" {as_code(top['machine'])} is the dearest machine, with {share(top['cost_share'])}. Retries made"
        f" {money(retried)} of it ({share(retried / spent)}), executions that did not succeed {money(vain)}"
        f" ({share(vain / spent)})."
    )


def free_tier(months: pd.DataFrame) -> str:
    """What the free tier takes off in the months of the window."""
    off = total(months, "free_tier_usd")
    names = ", ".join(sorted(months["month"].dropna().unique()))
    return (
        f"The free tier, which belongs to the account and counts once a month over all Regions, would take off up to"
        f" {money(off)} in {names}."
    )


def comparison(compared: pd.DataFrame) -> str:
    """Which machines would cost less as the other type, and which of them could be it."""
    if compared.empty:
        return "No execution ended whose cost could be compared."
    saving = compared[(compared["saving_usd"] > 0) & compared["can_switch"].fillna(value=False)]
    unknown = int(compared["saving_usd"].isna().sum())
    if saving.empty:
        priced = f"; for {count(unknown)} a price is not known (see the column cost note)" if unknown else ""
        return f"None of {counted(len(compared), 'machine')} is known to cost less as the other type{priced}."
    verdicts = [
        f"- {as_code(machine)}, {money(usd_saved)}: {as_sentence(verdict)}"
        for machine, usd_saved, verdict in zip(
            *(saving[name].head(VERDICTS_SHOWN) for name in ("machine", "saving_usd", "verdict")), strict=True
        )
    ]
    begin = f"**{count(len(saving))} of {counted(len(compared), 'machine')}** could be the other type and cost less."
    return "\n".join([f"{begin} Most would be saved by", "", *verdicts])


VERDICTS_SHOWN = 3


def lower_bound(frame: pd.DataFrame, column: str) -> str | None:
    """What of a table is a lower bound, because histories are not complete; None when nothing is."""
    partial = int(total(frame, column))
    if not partial:
        return None
    what = counted(partial, column.partition("_")[0].removesuffix("s"))
    of = "" if column.startswith("executions") else " in executions"
    return f"These are lower bounds: {what}{of} without a complete history (see Collection)."


def log_levels(machines: pd.DataFrame, filters: Filters) -> str | None:
    """What the log levels of the Express machines looked at leave out; None when all of them tell everything."""
    limited = machines[machines["cannot_tell"].notna()]
    if filters.machines:
        limited = limited[limited["machine"].isin(filters.machines)]
    sentences = [f"Express machine {as_code(row.machine)}: {row.cannot_tell}." for row in limited.itertuples()]
    more = f" And {counted(len(sentences) - MOST_LEVELS, 'more machine')}." if len(sentences) > MOST_LEVELS else ""
    return " ".join(sentences[:MOST_LEVELS]) + more if sentences else None


MOST_LEVELS = 3
"""Machines named one by one where their logs leave something out; the Collection page names them all."""


def unpriced(machines: pd.DataFrame) -> str | None:
    """How many executions are not in the sums, because no price is known for them."""
    without = int(total(machines, "executions_unpriced"))
    if not without:
        return None
    return f"The cost of {counted(without, 'execution')} is not known and in no sum; the column cost note says why."


def cost_rules(frame: pd.DataFrame) -> str | None:
    """The rules and prices behind the costs of a table, each once."""
    notes = frame["cost_note"].dropna().unique()
    return " ".join(as_sentence(f"{note.rstrip('.')}.") for note in notes[:RULES_SHOWN]) or None


RULES_SHOWN = 4


def partial_days(window: Window) -> str | None:
    """That the days at the ends of a window are not whole ones, when they are not."""
    if window.since_ms is None or window.since_ms % DAY == 0:
        return None
    return f"Days are those of UTC. The first one counts from {instant(window.since_ms)} on."


def nothing_before(filters: Filters, before: Totals | None, first_day_ms: int | None) -> str | None:
    """That there is nothing to compare with, when there is not."""
    if before is not None or filters.days is None:
        return None
    return f"Nothing to compare with: the store begins on {day(first_day_ms)}, later than {filters.words_before}."
