"""What changed: with a revision, or on a day of its own."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analyzer.changes import Change, by_revision, definition_changes, unexplained
from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text, time
from analyzer.frames import frame_from
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    text("change", "deploy: another revision began to run; shift: it behaved otherwise under the same one"),
    time("changed_at", "start of the first execution of the revision; of a shift, midnight UTC of its day"),
    text("revision_before", "revision that ran before"),
    text("revision", "revision that ran from then on"),
    text("measure", "failure_rate, what one execution takes (retries, transitions, cost), or a quantile of a time"),
    text("state", "the state that was measured; of a shift, the one that changed most; empty for whole executions"),
    text("verdict", "worse, better, same, or too few executions to tell"),
    number("before", "the measure before, in the unit of its name"),
    number("before_low", "lower end of its interval: the true value lies within it in 997 of 1,000 cases"),
    number("before_high", "upper end of it"),
    number("after", "the measure after"),
    number("after_low", "lower end of its interval"),
    number("after_high", "upper end of it"),
    number("standard_errors", "the difference in standard errors: how sure it is"),
    count("executions_before", "executions (of a state: tries) measured before"),
    count("executions_after", "and after"),
    text("definition_changes", "what the definition of the revision has that the one before had not"),
)
VERDICTS = ["worse", "better", "same", "too few"]


@analysis(counts="executions", columns=COLUMNS)
def changes(facts: Facts) -> pd.DataFrame:
    """What became worse or better, with which revision, or on which day without one?

    One row per measure of each change, what became worse first. A change is called worse or better only when the
    intervals before and after do not touch and the difference is a tenth, or a hundredth of all executions failing.
    """
    found = [*by_revision(facts), *unexplained(facts)]
    told = definition_changes(facts)
    found.sort(key=_order)
    rows = [_row(change, told.get((*change.machine, change.revision_before, change.revision))) for change in found]
    return frame_from(rows, COLUMNS)


def _row(change: Change, told: Sequence[str] | None) -> dict[str, object]:
    before, after = change.before, change.after
    return {
        **dict(zip(MACHINE, (part or None for part in change.machine), strict=True)),
        **{name: getattr(change, name) for name in _SAME},
        "state": change.state or None,
        "revision_before": change.revision_before or None,
        "revision": change.revision or None,
        **dict(zip(("before", "before_low", "before_high"), before or (None,) * 3, strict=True)),
        **dict(zip(("after", "after_low", "after_high"), after or (None,) * 3, strict=True)),
        "standard_errors": round(change.standard_errors, 6),
        "definition_changes": "; ".join(told) if told else None,
    }


_SAME = ("change", "changed_at", "measure", "verdict", "executions_before", "executions_after")


def _order(change: Change) -> tuple[int, bool, float, str]:
    """What became worse first, failures before times, and of these what is surest."""
    name = repr((change.machine, change.changed_at, change.measure, change.state))
    return VERDICTS.index(change.verdict), change.measure != "failure_rate", -change.standard_errors, name
