"""What could be saved, from the answers of the analyses: a list with effort, confidence and what speaks against it.

Savings of one machine overlap: what is changed for one of them is no longer there for another. They are ranked, never
added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, number, text
from analyzer.frames import frame_from
from analyzer.ratios import ranked

DAYS_IN_MONTH = 30
BATCH = 10
"""Items of a Distributed Map in one child, where the list supposes that they are batched."""
ENOUGH_RUNS = 1_000
SAFE_P99_MS = 60_000
RARELY = 0.01

SOURCES = (
    "standard_vs_express",
    "express_segments",
    "cost_of_polling",
    "cost_of_overhead",
    "cost_of_retries",
    "cost_by_state",
)
"""The analyses whose answers are looked through."""

COLUMNS = (
    *MACHINE_COLUMNS,
    text("state", "the state, or the first of the states, that it is about; empty for the whole machine"),
    text("saving", "what to do"),
    number("saving_usd", "what it would have saved in the window, at list price"),
    number("saving_per_month_usd", "the same for 30 days, as many as the window has"),
    text("effort", "low: a field or two; medium: some states; high: a machine of another type, and its callers"),
    text("confidence", "high, medium or low: how sure the figure is"),
    text("blockers", "what forbids it or has to be judged first"),
)

Row = dict[str, Any]
Frame = pd.DataFrame


def savings(answers: Mapping[str, Frame], days: float) -> Frame:
    """All that could be saved, the greatest first, from the answers of `SOURCES` over so many days.

    Nothing that would save nothing, and nothing whose price is not known.
    """
    rows = [{**_machine(of), **row} for name, find in _FINDERS.items() for of, row in _found(answers[name], find)]
    frame = frame_from(rows, COLUMNS)
    frame["saving_per_month_usd"] = frame["saving_usd"] * (DAYS_IN_MONTH / days)
    return ranked(frame[frame["saving_usd"] > 0], "saving_usd", ["machine", "state", "saving"])


def _found(answer: Frame, find: Callable[[Row], Row | None]) -> Iterator[tuple[Row, Row]]:
    for record in answer.astype(object).where(answer.notna(), None).to_dict("records"):
        of = {str(name): cell for name, cell in record.items()}
        row = find(of)
        if row is not None and row["saving_usd"] is not None:
            yield of, row


def _machine(of: Row) -> Row:
    return {column.name: of[column.name] for column in MACHINE_COLUMNS}


def _row(saving: str, usd: float | None, effort: str, confidence: str, against: str, state: str | None = None) -> Row:
    return {
        "state": state,
        "saving": saving,
        "saving_usd": usd,
        "effort": effort,
        "confidence": confidence,
        "blockers": against,
    }


def _other_type(of: Row) -> Row | None:
    """The whole machine as the other type; a machine with a blocker is told too, with what forbids it."""
    to = of["other_type"].capitalize()
    if of["can_switch"] is False:
        against = of["blockers"] if of["blockers"] not in (None, "none") else of["verdict"]
        return _row(f"Make it {to}, were it not forbidden", of["saving_usd"], "high", "low", against)
    rarely = (of["too_long_share_max"] or 0) <= RARELY or of["type"] == "EXPRESS"
    sure = of["can_switch"] and rarely and (of["saving_low_usd"] or 0) > 0
    against = of["warnings"] or ("" if of["can_switch"] else "Its definition is not known.")
    return _row(f"Make it {to}", of["saving_usd"], "high", "high" if sure else "medium", against)


def _segment(of: Row) -> Row:
    sure = of["runs_read"] >= ENOUGH_RUNS // 2 and of["duration_p99_ms"] <= SAFE_P99_MS
    saving = f"Make an Express child of {of['states']}"
    against = "The child has no redrive and no history of its own; its caller must look at its status."
    return _row(saving, of["saving_usd"], "medium", "high" if sure else "medium", against, of["first_state"])


def _polling(of: Row) -> Row:
    saving = f"Be told instead of asking {of['resource'] or 'again'}: a .sync call or a callback"
    sure = "medium" if "definition" in of["found_in"] else "low"
    return _row(saving, of["saving_usd"], "medium", sure, "What is asked must be able to tell.", of["state"])


def _passes(of: Row) -> Row:
    saving = "Do the work of Pass states in the state before or after them"
    return _row(saving, of["pass_cost_usd"], "low", "medium", "A Pass may be there to be read, or as an end.")


def _retries(of: Row) -> Row:
    saving = f"Retry {of['error'] or 'what has no name'} less often: these retries bought nothing"
    sure = "high" if of["visits_recovered"] == 0 and of["retries"] >= ENOUGH_RUNS else "medium"
    against = "None of these visits recovered." if of["visits_recovered"] == 0 else "Some visits did recover."
    return _row(saving, of["lost_cost_usd"], "low", sure, against, of["state"])


def _batches(of: Row) -> Row | None:
    children = of["transitions"] - of["attempts"]
    if of["state_type"] != "Map" or children <= 0 or of["cost_usd"] is None:
        return None
    usd = of["cost_usd"] * children / of["transitions"] * (1 - 1 / BATCH)
    saving = f"Batch items (ItemBatcher): {BATCH} for each child that now has one"
    return _row(saving, usd, "low", "low", "What the child runs must take a batch; one item may fail all.", of["state"])


_FINDERS: Mapping[str, Callable[[Row], Row | None]] = {
    "standard_vs_express": _other_type,
    "express_segments": _segment,
    "cost_of_polling": _polling,
    "cost_of_overhead": _passes,
    "cost_of_retries": _retries,
    "cost_by_state": _batches,
}
