"""`--where`: a condition on one column, read from text and bound to the column's type."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

import narwhals as nw
import pyarrow as pa

from analyzer.frames import plain_type
from analyzer.window import MS_IN_DAY, instant_ms
from store.errors import MisuseError
from store.schema import Column

_FORM = re.compile(r"\s*(?P<column>\w+)\s*(?P<relation>!=|<=|>=|=|<|>)\s*(?P<value>.*?)\s*", re.DOTALL)
_DATE = re.compile(r"\d{4}-?\d\d-?\d\d")
_FLAGS = {"true": True, "false": False}

Value: TypeAlias = str | int | float | bool

_ORDERS: dict[str, Callable[[nw.Expr, Value], nw.Expr]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


class Condition(NamedTuple):
    """A column, a relation (`=`, `!=`, `<`, `>`, `<=`, `>=`) and a value as it was written.

    An empty value is what an empty cell is: unknown. `error=` are the rows without an error. `!=` holds for an empty
    cell, the orders never do. A time equals a date on the whole of that day, in UTC.
    """

    column: str
    relation: str
    value: str

    def holds(self, column: Column) -> nw.Expr:
        """The condition as an expression over this column. Raises MisuseError for a value that is not of its type."""
        cell = nw.col(column.name)
        if not self.value:
            return self._is_empty(cell, column)
        if self.relation in _ORDERS:
            return _ORDERS[self.relation](cell, self._ordered(column))
        equal = self._equals(cell, column)
        return equal if self.relation == "=" else ~equal | cell.is_null()

    def _is_empty(self, cell: nw.Expr, column: Column) -> nw.Expr:
        if self.relation in _ORDERS:
            raise MisuseError(f"`{self.column}{self.relation}` has no value to compare with.", "Write one behind it.")
        empty = cell.is_null() | (cell == "") if plain_type(column) == pa.string() else cell.is_null()
        return empty if self.relation == "=" else ~empty

    def _ordered(self, column: Column) -> Value:
        if plain_type(column) in (pa.string(), pa.bool_()):
            sentence = f"`{self.column}` has no order, so `{self.relation}` cannot be asked of it."
            raise MisuseError(sentence, "Use = or !=.")
        return self._value(column)

    def _equals(self, cell: nw.Expr, column: Column) -> nw.Expr:
        if column.is_time and _DATE.fullmatch(self.value):
            midnight = instant_ms(self.value)
            return (cell >= midnight) & (cell < midnight + MS_IN_DAY)
        return cell == self._value(column)

    def _value(self, column: Column) -> Value:
        read = instant_ms if column.is_time else _READERS[plain_type(column)]
        try:
            return read(self.value)
        except (ValueError, KeyError):
            kind = _KINDS[plain_type(column)]
            raise MisuseError(f"`{self.column}` holds {kind}, and {self.value!r} is none.") from None


def condition(text: str) -> Condition:
    """The condition that a text such as `error=States.Timeout` or `run_ms>5000` says. Raises MisuseError."""
    form = _FORM.fullmatch(text)
    if not form:
        sentence = f"{text!r} is no condition."
        raise MisuseError(sentence, "Write COLUMN=VALUE, with = or !=, or < or > for numbers and times.")
    return Condition(**form.groupdict())


def column_named(name: str, columns: Iterable[Column]) -> Column | None:
    """The column of that name, if a user may name it."""
    return next((column for column in columns if column.name == name and column.exported), None)


_READERS: dict[pa.DataType, Callable[[str], Value]] = {
    pa.string(): str,
    pa.int64(): int,
    pa.float64(): float,
    pa.bool_(): lambda text: _FLAGS[text.lower()],
}
_KINDS = {pa.int64(): "whole numbers", pa.float64(): "numbers", pa.bool_(): "true or false"}
