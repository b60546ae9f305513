"""What the analyses count in the fact tables, and how: one pass of the engine, a small table as its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals as nw
import pandas as pd

from analyzer.frames import collected
from store.quantiles import Table

Expressions = Mapping[str, nw.Expr]

# The row of a redrive is billed like an attempt but is none: it has no number, no outcome and no run.
is_attempt = ~nw.col("attempt").is_null()
is_first_try = nw.col("attempt") == 1
is_retry = nw.col("attempt") > 1
is_failure = (nw.col("outcome") == "failed") | (nw.col("outcome") == "timed_out")
is_partial = nw.col("completeness") != "complete"
one = nw.lit(1)


def columns(names: Sequence[str]) -> dict[str, nw.Expr]:
    """Columns under their own names."""
    return {name: nw.col(name) for name in names}


def flag(condition: nw.Expr) -> nw.Expr:
    """1 where a condition holds, else 0: its sum is a count."""
    return condition.cast(nw.Int32)


def part(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    """The value where the condition holds and 0 where it does not; empty where the value is."""
    return value * flag(condition.fill_null(value=False))


def only(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    """The value where the condition holds, else an empty cell."""
    return nw.when(condition).then(value)


def totals(
    table: Table,
    by: Sequence[str] | Expressions,
    *,
    counts: Expressions | None = None,
    amounts: Expressions | None = None,
    distinct: Expressions | None = None,
    first: Expressions | None = None,
    last: Expressions | None = None,
) -> pd.DataFrame:
    """One row per group: `counts` and `amounts` summed, `distinct` values counted, the least and the greatest.

    A count of nothing is 0; an amount of which no value is known is empty. The engine computes it here and now, in one
    pass over the facts: what follows works on a small table.
    """
    keys = by if isinstance(by, Mapping) else columns(by)
    counts, amounts, distinct, first, last = (named or {} for named in (counts, amounts, distinct, first, last))
    rows = table.select(**keys, **counts, **amounts, **distinct, **first, **last)
    grouped = rows.group_by(*keys).agg(
        *(nw.col(name).sum() for name in (*counts, *amounts)),
        *(nw.col(name).count().alias(_known(name)) for name in amounts),
        *(nw.col(name).n_unique() for name in distinct),
        *(nw.col(name).min() for name in first),
        *(nw.col(name).max() for name in last),
    )
    frame = collected(grouped)
    known = {name: frame[name].mask(frame[_known(name)] == 0) for name in amounts}
    return frame.assign(**known).drop(columns=[_known(name) for name in amounts])


def _known(name: str) -> str:
    return f"{name} known"
