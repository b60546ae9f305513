"""What the analyses count in the fact tables, and how: one pass of the engine, a small table as its answer."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

import msgspec
import narwhals as nw
import pandas as pd

from analyzer.frames import collected
from store.quantiles import Table
from store.schema import PLACE

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
    return {name: _column(name) for name in names}


@functools.cache
def _column(name: str) -> nw.Expr:
    return nw.col(name)


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
    keys = _short(table, by if isinstance(by, Mapping) else columns(by))
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
    return with_places(frame.assign(**known).drop(columns=[_known(name) for name in amounts]))


def _short(table: Table, keys: Expressions) -> Expressions:
    """The same groups by fewer columns, where these say all that a place does."""
    if "place" not in table.collect_schema().names() or any(keys.get(name) is not _column(name) for name in PLACE):
        return keys
    return {"place": nw.col("place")} | {name: key for name, key in keys.items() if name not in PLACE}


def with_places(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns of their place, if they have one."""
    if "place" not in frame:
        return frame
    parts = pd.DataFrame(map(msgspec.json.decode, frame["place"]), columns=[*PLACE], index=frame.index, dtype="string")
    return pd.concat([parts, frame.drop(columns="place")], axis=1)


def and_eventful(
    frame: pd.DataFrame, attempts: Table, by: Sequence[str] | Expressions, sums: Expressions
) -> pd.DataFrame:
    """The rows of `totals`, and beside them sums over those attempts in which something happened; 0 where none did.

    These lie apart in the facts: what is 0 for an ordinary attempt costs a tenth when it is asked of them alone.
    """
    happened = totals(attempts.filter(nw.col("is_eventful")), by, counts=sums)
    return frame.merge(happened, on=[*by], how="left").fillna(dict.fromkeys(sums, 0))


def _known(name: str) -> str:
    return f"{name} known"
