"""Which parts of a Standard machine would cost less as an Express child."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text
from analyzer.expressions import flag, is_first_try, one, totals
from analyzer.frames import frame_from
from analyzer.machines import Row, keyed, named
from analyzer.prices import PriceBook
from analyzer.ratios import ranked
from analyzer.registry import Facts, MachineKey, analysis
from analyzer.segment_runs import Runs, Trips, trips
from analyzer.segment_savings import Saving, Sums, Terms, saving_of, terms_on
from analyzer.segments import Part, express_parts
from analyzer.window import MS_IN_DAY
from store.quantiles import Table

LONGEST_P99_MS = 240_000
"""Four of the five minutes that Express allows: the rest is margin."""

DAYS_IN_MONTH = 30
TRIED_PER_MACHINE = 60
"""Parts of a machine whose runs are looked at, those that save most first."""

COLUMNS = (
    *MACHINE_COLUMNS,
    text("path", "containers around the part, outermost first; empty at top level"),
    text("first_state", "the state that the part begins with"),
    text("next_state", "the state after the part; empty where its branch, its Map's body or the machine ends with it"),
    text("states", "the states of the part, those inside its containers included"),
    count("runs", "times the part was run"),
    count("transitions", "billable state transitions inside the part"),
    count("transitions_saved", "of them, those that would not be billed: one a run stays, to call the child"),
    number("duration_p99_ms", "99 of 100 runs took no longer; at most 240,000, which leaves a fifth of 5 minutes"),
    count("duration_max_ms", "the longest run that was read"),
    count("runs_read", "runs whose duration was read; of machines with many executions a part is"),
    number("standard_cost_usd", "list price of the transitions inside"),
    number(
        "express_cost_usd", "the same runs as Express: the call, requests, and duration at 64 MB and the first tier"
    ),
    number("express_logs_usd", "their logs at level ALL, by 1,000 bytes an event"),
    number("saving_usd", "what would be saved, the logs paid; empty when a price is not known"),
    number("saving_per_month_usd", "the same for 30 days, as many as the window has"),
    number("saving_share", "of what the machine costs"),
    text("cost_note", "the rule and prices behind it, or why it is empty"),
)
KEY = [*MACHINE, "path", "first_state"]

EVENTS_OF_VISIT, EVENTS_OF_TRY = 2, 3
"""Events that a history has of each: entered and exited; scheduled, started and ended."""


@analysis(counts="attempts", columns=COLUMNS)
def express_segments(facts: Facts) -> pd.DataFrame:
    """Which parts of a Standard machine would cost less as an Express child?

    One row per part, the greatest saving first; the parts of a machine do not overlap. A part has one way in and one
    way out, nothing that Express lacks, and runs that stay well under 5 minutes. A synchronous call runs it at most
    once; what it lacks then (redrive, histories of 90 days) a person has to judge.
    """
    parts = {machine: found for machine, d in facts.definitions.items() if (found := express_parts(d))}
    spans = _spans(facts.executions)
    executions = {machine: int(span["executions"]) for machine, span in spans.items() if machine in parts}
    if not executions:
        return frame_from([], COLUMNS)
    sums, read = _sums(facts.attempts), trips(facts, executions)
    rows = [
        row
        for machine, of_machine in read.items()
        for row in _rows(machine, parts[machine], sums[machine], of_machine, _terms(machine, spans, facts.prices))
    ]
    frame = frame_from(rows, COLUMNS)
    frame["saving_per_month_usd"] = frame["saving_usd"] * (DAYS_IN_MONTH / _days(spans))
    return ranked(frame, "saving_usd", KEY)


def _spans(executions: Table) -> dict[MachineKey, Row]:
    """By Standard machine, how many executions started, and the first and last day on which they did."""
    day = nw.col("started_at") // MS_IN_DAY
    standard = executions.filter(nw.col("type") == "STANDARD", ~nw.col("started_at").is_null())
    return dict(keyed(totals(standard, MACHINE, counts={"executions": one}, first={"first": day}, last={"last": day})))


def _days(spans: Mapping[MachineKey, Row]) -> int:
    """The days from the first to the last on which something started."""
    return int(max(row["last"] for row in spans.values()) - min(row["first"] for row in spans.values()) + 1)


def _sums(attempts: Table) -> dict[MachineKey, dict[str, Sums]]:
    """By machine and state, what it did. A visit has two events, each try of a Task three more."""
    first, is_task = flag(is_first_try), flag((nw.col("state_type") == "Task").fill_null(value=False))
    counts = {"transitions": nw.col("transitions"), "visits": first, "tries": is_task}
    found: dict[MachineKey, dict[str, Sums]] = {}
    for machine, row in keyed(totals(attempts, [*MACHINE, "state"], counts=counts)):
        events = row["visits"] * EVENTS_OF_VISIT + row["tries"] * EVENTS_OF_TRY
        found.setdefault(machine, {})[row["state"]] = Sums(row["transitions"], row["visits"], events)
    return found


def _terms(machine: MachineKey, spans: Mapping[MachineKey, Row], book: PriceBook) -> Terms:
    return terms_on(date(1970, 1, 1) + timedelta(days=int(spans[machine]["last"])), machine.region, book)


def _rows(
    machine: MachineKey, parts: Sequence[Part], sums: Mapping[str, Sums], read: Trips, terms: Terms
) -> Iterator[Row]:
    """The rows of a machine: of parts that overlap, the one that saves more."""
    worth = [found for part in parts[:TRIED_PER_MACHINE] if (found := _found(part, sums, read, terms)) is not None]
    total, taken = sum(state.transitions for state in sums.values()), set[str]()
    for found in sorted(worth, key=lambda found: (-found.worth, found.part.inside)):
        if taken.isdisjoint(found.part.inside):
            taken |= {*found.part.inside}
            yield {
                **named(machine),
                **_row(found),
                "cost_note": terms.note,
                "saving_share": _share(found, total, terms),
            }


class Found(NamedTuple):
    """A part that would save something, and its runs that were read."""

    part: Part
    read: Runs
    saving: Saving

    @property
    def worth(self) -> Fraction:
        """What it is worth beside other parts of its machine: money, or transitions where no price is known."""
        return Fraction(self.saving.transitions_saved) if self.saving.usd is None else self.saving.usd


def _found(part: Part, sums: Mapping[str, Sums], read: Trips, terms: Terms) -> Found | None:
    """The part; None when it was not run, takes too long or saves nothing."""
    runs = read.runs_of(part)
    if runs is None or runs.p99_ms > LONGEST_P99_MS:
        return None
    found = Found(part, runs, saving_of(part, runs, sums, terms))
    return found if found.worth > 0 else None


def _row(found: Found) -> Row:
    part, read, saving = found
    return {
        "path": "/".join(part.path) or None,
        "first_state": part.segment.entry,
        "next_state": part.next_state or None,
        "states": ", ".join(part.inside),
        "runs": saving.runs,
        "transitions": saving.transitions,
        "transitions_saved": saving.transitions_saved,
        "duration_p99_ms": read.p99_ms,
        "duration_max_ms": read.max_ms,
        "runs_read": read.runs,
        "standard_cost_usd": _float(saving.standard_usd),
        "express_cost_usd": _float(saving.express_usd),
        "express_logs_usd": _float(saving.logs_usd),
        "saving_usd": _float(saving.usd),
    }


def _share(found: Found, transitions: int, terms: Terms) -> float | None:
    if terms.prices is None or found.saving.usd is None or not transitions:
        return None
    return float(found.saving.usd / (transitions * terms.prices.transition))


def _float(exact: Fraction | None) -> float | None:
    return None if exact is None else float(exact)
