"""How an analysis declares its columns, and the columns that most of them begin with."""

from __future__ import annotations

from store.schema import COUNT, EXECUTIONS, LABEL, MONEY, Column

_MEANINGS = {column.name: column.meaning for column in EXECUTIONS}


def text(name: str, meaning: str) -> Column:
    """A column of names or sentences."""
    return Column(name, LABEL, meaning)


def count(name: str, meaning: str) -> Column:
    """A column of whole numbers, where 0 means that there were none."""
    return Column(name, COUNT, meaning)


def number(name: str, meaning: str) -> Column:
    """A column of numbers: a share of 0 to 1, a ratio, an amount of money or an interpolated time."""
    return Column(name, MONEY, meaning)


def time(name: str, meaning: str) -> Column:
    """A column of times."""
    return Column(name, COUNT, meaning, is_time=True)


MACHINE_COLUMNS = tuple(text(name, _MEANINGS[name]) for name in ("machine", "region", "account"))
TYPE_COLUMN = text("type", _MEANINGS["type"])
STATE_COLUMNS = (
    *MACHINE_COLUMNS,
    text("state", "name of the state"),
    text("state_type", "Task, Choice, Pass, Wait, Parallel, Map, Succeed or Fail"),
)

# What tells machines apart, for two accounts or Regions may well use one name; and what tells states apart.
MACHINE = tuple(column.name for column in MACHINE_COLUMNS)
STATE = tuple(column.name for column in STATE_COLUMNS)
