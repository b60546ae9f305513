"""What retries cost and bring, by state and error, and the Retry block that the evidence suggests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, STATE, STATE_COLUMNS, count, number, text
from analyzer.definition import State
from analyzer.expressions import columns, flag, is_failure, one, totals
from analyzer.frames import collected, frame_from
from analyzer.ratios import ratio
from analyzer.registry import Facts, MachineKey, analysis
from analyzer.retry_advice import RetryEvidence, advice
from analyzer.retry_yield import RetryYield

COLUMNS = (
    *STATE_COLUMNS,
    text("error", "error that the visits first failed with"),
    text("verdict", "retry, stop_earlier, never, keep, unretried or unclear: what the evidence says of the Retry"),
    text("advice", "the same as a sentence, with its figures"),
    count("visits", "visits whose first attempt failed with it"),
    count("visits_retried", "those that were retried"),
    count("visits_recovered", "those that then succeeded"),
    number("recovered_share", "visits recovered, of the visits retried"),
    text("retries_by_attempt", "retries made as second, third and later attempt, a number for each"),
    text("recovered_by_attempt", "visits that recovered at the second, third and later attempt, a number for each"),
    count("retries_in_vain", "retries that did not succeed"),
    number("retry_usd", "list price of the retries"),
    count("retry_ms", "queue and run of the retries"),
    count("backoff_ms", "time waited before the retries"),
    count("repeated_attempts", "attempts that ran again inside a container because it was retried"),
    number("repeated_usd", "list price of those"),
    text("retry_now", "the Retry of the state's newest definition; empty when no definition is known"),
    text("retry_suggested", "the Retry that the evidence suggests; empty where it is to stay"),
    number("saved_usd", "list price of the retries that the suggestion would have left out"),
    count("saved_ms", "queue, run and backoff of them"),
    count("lost_visits", "visits that recovered only by them, and would have failed"),
)
KEY = [*STATE, "error"]
RETRIABLE = ["Task", "Parallel", "Map"]
VERDICTS = ("retry", "never", "stop_earlier", "unclear", "keep", "unretried")
"""What a user can gain by comes first."""


@analysis(counts="attempts", columns=COLUMNS)
def retry_economics(facts: Facts) -> pd.DataFrame:
    """Which retries pay, which never help, and what should the Retry of each state be?

    One row per state that can be retried and error that a visit first failed with. Advice rests on names where an error
    was never retried, else on what each attempt brought; a saving is what the window would have had less.
    """
    tried = _by_attempt(facts)
    if tried.empty:
        return frame_from([], COLUMNS)
    repeated = _repeated(facts)
    rows = []
    for key, group in tried.groupby(KEY, dropna=False, sort=True):
        place = dict(zip(KEY, key, strict=True))
        gained = RetryYield.of(group)
        if place["state_type"] != "Task" and not gained.retried:
            continue  # it failed with what failed inside it, and that has a row of its own
        evidence = RetryEvidence(_known(place["error"]), gained, _state_of(facts, place))
        rows.append({**place, **gained.cells(), **advice(evidence).cells()})
    found = frame_from(rows, [column for column in COLUMNS if column.name not in _LATER])
    found["recovered_share"] = ratio(found["visits_recovered"], found["visits_retried"])
    found = found.merge(repeated, on=KEY, how="left")
    found["repeated_attempts"] = found["repeated_attempts"].fillna(0)
    ranks = found.assign(rank=found["verdict"].map(VERDICTS.index))
    order = ranks.sort_values(["rank", "visits", *KEY], ascending=[True, False, *[True] * len(KEY)]).index
    return found.loc[order].reset_index(drop=True)


_LATER = {"recovered_share", "repeated_attempts", "repeated_usd"}


def _by_attempt(facts: Facts) -> pd.DataFrame:
    """Attempts of the visits that began with a failure, by state, first error and number."""
    began = facts.attempts.filter(nw.col("state_type").is_in(RETRIABLE) & _has_failed_first)
    return totals(
        began,
        {**columns(STATE), "error": nw.col("visit_error"), "attempt": nw.col("attempt")},
        counts={
            "tries": one,
            "recovered": flag((nw.col("outcome") == "succeeded").fill_null(value=False)),
            "given_up": flag(is_failure & (nw.col("handled").fill_null("") != "retried")),
            "ms": nw.col("run_ms").fill_null(0) + nw.col("queue_ms").fill_null(0),
            "backoff": nw.col("backoff_ms"),
        },
        amounts={"usd": nw.col("cost_usd")},
    )


_has_failed_first = ~nw.col("visit_error").is_null() & ~nw.col("attempt").is_null()


_REPEATED = (count("repeated_attempts", ""), number("repeated_usd", ""))


def _repeated(facts: Facts) -> pd.DataFrame:
    """What ran directly inside containers that were retried, in their second and later attempts."""
    again = facts.attempts.filter((nw.col("attempt") > 1) & nw.col("state_type").is_in(["Parallel", "Map"]))
    containers = again.select(
        **columns([*STATE, "execution_id"]), error=nw.col("visit_error"), parent_id=nw.col("event_id")
    )
    if collected(containers.head(1)).empty:
        return frame_from([], [*(text(name, "") for name in KEY), *_REPEATED])
    inside = facts.attempts.filter(~nw.col("parent_id").is_null()).select(
        **columns(["execution_id", "parent_id"]), usd=nw.col("cost_usd")
    )
    joined = containers.join(inside, on=["execution_id", "parent_id"], how="inner")
    return totals(joined, KEY, counts={"repeated_attempts": one}, amounts={"repeated_usd": nw.col("usd")})


def _state_of(facts: Facts, place: Mapping[str, Any]) -> State | None:
    name, region, account = (_known(place[part]) for part in MACHINE)
    definition = facts.definitions.get(MachineKey(account, region, name))
    return definition.states.get(_known(place["state"])) if definition is not None else None


def _known(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
