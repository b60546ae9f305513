"""What of the truth is in the store, day by day, and what AWS soon no longer holds: sentences and tables. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, time
from analyzer.columns import count as count_column
from dashboard.answers import money, total
from dashboard.filters import Filters
from dashboard.wording import as_code, count, counted, day, share
from store.charged import Charged
from store.migrations import MS_PER_DAY
from store.retention import PUBLISHED_MS, Expiring, Retention

SOON_MS = 14 * MS_PER_DAY

EXPIRING = (
    *MACHINE_COLUMNS,
    count_column("histories", "histories that are not fetched and that AWS drops within 14 days"),
    count_column("failures", "of them those of executions that did not succeed"),
    time("first_at", "when AWS drops the first of them"),
)

REASONS = {
    "missing": "not fetched yet",
    "sampled": "left to a sample",
    "expired": "no longer held by AWS",
    "denied": "denied by AWS",
    "unreadable": "not readable",
}


def covered(frame: pd.DataFrame, filters: Filters) -> str:
    """How many of the window's executions have their history, and why the others have none."""
    listed = total(frame, "listed")
    if not listed:
        return f"No execution is known {filters.words}{filters.narrowing}."
    ended = listed - total(frame, "running")
    why = [f"{count(total(frame, name))} {words}" for name, words in REASONS.items() if total(frame, name)]
    but = f" Of the others, {', '.join(why)}." if why else ""
    unseen = total(frame, "not_listed")
    but += f" CloudWatch counted **{count(unseen)} more** on whole days." if unseen else ""
    part = share(total(frame, "collected") / ended) if ended else "none has ended"
    return (
        f"**{counted(int(listed), 'execution')}** are known {filters.words}{filters.narrowing}; the store holds the"
        f" history of **{count(total(frame, 'collected'))}**, {part} of those that ended.{but}"
    )


def soon_gone(rows: Sequence[Expiring]) -> str:
    """How many histories will be lost unless they are fetched, and by when."""
    if not rows:
        return "No history that is still to be fetched expires at AWS within 14 days."
    histories = sum(row.histories for row in rows)
    first = min(rows, key=lambda row: row.first_at)
    return (
        f"**{counted(histories, 'history', 'histories')} will be lost within 14 days** unless they are fetched; the"
        f" first, of {as_code(first.machine)}, on {day(first.first_at)}. Run `stepscope collect` before."
    )


def own_cost(charges: Iterable[Charged]) -> str:
    """What AWS charged for the collector's own questions, as far as prices were known."""
    free = "AWS charges nothing for the calls of Step Functions that the collector makes"
    asked = list(charges)
    metrics, scanned = sum(one.metrics for one in asked), sum(one.bytes_scanned for one in asked)
    known = [Decimal(one.cost.split()[0]) for one in asked if one.cost is not None and " USD" in one.cost]
    unpriced = any(one.metrics and one.cost is None for one in asked)
    paid = [f"{metrics:,} metrics of CloudWatch, {money(float(sum(known)))} at list price"] if metrics else []
    paid += [f"{scanned / 1e9:,.2f} GB scanned by Logs Insights"] if scanned else []
    but = " For some of them no price was known." if unpriced else ""
    return f"{free}; it did charge for {' and '.join(paid)}.{but}" if paid else f"{free}, and nothing else was asked."


def kept_for(learnt: Iterable[Retention]) -> str:
    """How long AWS keeps executions, where the collector learnt that it is less than published."""
    shorter = [
        f"in {as_code(f'{row.account} {row.region}'.strip())} at most {row.at_most_ms // MS_PER_DAY} days,"
        f" as seen on {day(row.learnt_at)}"
        for row in learnt
    ]
    published = f"AWS keeps executions for {PUBLISHED_MS // MS_PER_DAY} days after their end"
    return f"{published}; {'; '.join(shorter)}." if shorter else f"{published}."


def expiring_table(rows: Sequence[Expiring]) -> pd.DataFrame:
    """One row per machine, the most pressing first."""
    names = [column.name for column in EXPIRING]
    frame = pd.DataFrame([row._asdict() for row in rows], columns=names)
    return frame.astype({column.name: "string" if column.type == "string" else "Int64" for column in EXPIRING})
