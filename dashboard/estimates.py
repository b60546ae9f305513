"""What a page says where some histories were left to a sample. Pure."""

from __future__ import annotations

import pandas as pd

from analyzer.strata import Estimated
from dashboard.answers import money, total
from dashboard.links import linked
from dashboard.wording import count, counted


def sampled(frame: pd.DataFrame, names: Estimated, what: str) -> str | None:
    """What the sum of a column is estimated at; None where no row was left to a sample.

    The ends of the rows are added up, which is wider than need be: it holds whatever the rows have in common.
    """
    known = frame.dropna(subset=names.estimated)
    if len(known) == len(frame) and (known[names.high] == known[names.of]).all():
        return None
    of = linked("sample", "sample")
    if known.empty:
        return f"Of the successes too small a {of} was fetched to estimate {what}; what is shown is what was fetched."
    shown = money if names.of.endswith("_usd") else count
    middle, low, high = (shown(total(known, name)) for name in names[1:])
    unknown = len(frame) - len(known)
    but = f" For {counted(unknown, 'row')} too little was fetched to tell; that is not in it." if unknown else ""
    return (
        f"Only a {of} of the successes was fetched. With those left out, {what} is estimated at **{middle}**, between"
        f" {low} and {high}.{but}"
    )
