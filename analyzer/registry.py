"""The analyses: one module, one question, one table, found by looking into `analyzer/analyses`.

An analysis is a function from `Facts` to a lazy table, named like its module; the first line of its docstring is its
question. `@analysis` declares its columns, and the registry gives it its name, its conditions and its way out.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Literal, NamedTuple, TypeAlias

import narwhals as nw
import pandas as pd

from analyzer import analyses as package
from analyzer.conditions import Condition, column_named
from analyzer.definition import Definition
from analyzer.frames import frame_of
from analyzer.prices import PriceBook
from analyzer.records import Records
from analyzer.window import CARRIED, Window
from store.errors import MisuseError
from store.quantiles import Table
from store.schema import ATTEMPTS, EXECUTIONS, TABLES, Column
from store.settings import Settings

FactTable = Literal["executions", "attempts"]
Answer: TypeAlias = Table | pd.DataFrame


class MachineKey(NamedTuple):
    """What tells a machine apart; a part that is not known is an empty text."""

    account: str
    region: str
    name: str


@dataclass(frozen=True)
class Facts:
    """What an analysis may look at: the two fact tables, and for some what was defined and what it costs.

    The tables have all columns of `store.schema`, the internal ones too. `definitions` holds the newest definition of
    each machine that could be parsed, `records` the small tables of `store.records`. `some_attempts` says that the
    attempts are fewer than those of the executions: what executions cost as a whole is then not to be added to theirs.
    `settings` are what a team has written down.
    """

    executions: Table
    attempts: Table
    definitions: Mapping[MachineKey, Definition] = field(default_factory=dict)
    prices: PriceBook = field(default_factory=lambda: PriceBook([]))
    now_ms: int = 0
    records: Mapping[str, pd.DataFrame] = field(default_factory=Records)
    some_attempts: bool = False
    settings: Settings = field(default_factory=Settings)

    def within(self, window: Window) -> Facts:
        """The facts of the executions in a window."""
        return replace(self, executions=window.executions(self.executions), attempts=window.attempts(self.attempts))


@dataclass(frozen=True)
class Analysis:
    """One question, and the table that answers it.

    `counts` is the fact table whose rows the analysis counts: what a condition narrows when the answer has no such
    column. `is_export` marks tables of single executions and attempts: large, and written when named.
    """

    answer: Callable[[Facts], Answer]
    columns: tuple[Column, ...]
    counts: FactTable
    is_export: bool = False

    @property
    def name(self) -> str:
        """The name of the report, its module and its file."""
        return self.answer.__name__

    @property
    def question(self) -> str:
        """What it answers, in one line."""
        return (self.answer.__doc__ or "").partition("\n")[0]

    def table(self, facts: Facts, conditions: Sequence[Condition] = ()) -> Table:
        """The answer, not computed yet, narrowed by conditions.

        A condition on a column of the answer keeps those rows of it. Any other narrows the facts before they are
        counted: the attempts or executions that the analysis counts, or the executions of its attempts. Raises
        MisuseError as `check` does.
        """
        self.check(conditions)
        own = {column.name: column for column in self.columns}
        answer = self.answer(self._narrowed(facts, [c for c in conditions if c.column not in own]))
        table = nw.from_native(answer).lazy() if isinstance(answer, pd.DataFrame) else answer
        kept = [c.holds(own[c.column]) for c in conditions if c.column in own]
        return table.filter(*kept).select(*own) if kept else table.select(*own)

    def run(self, facts: Facts, conditions: Sequence[Condition] = ()) -> pd.DataFrame:
        """The answer as pandas, in the declared columns and types; an export's numbers as they are, others rounded."""
        return frame_of(self.table(facts, conditions), self.columns, rounded=not self.is_export)

    def check(self, conditions: Iterable[Condition]) -> None:
        """Raise MisuseError for a condition on a column that is not there, or with a value that is not of its type."""
        for condition in conditions:
            condition.holds(self._column(condition.column))

    def _column(self, name: str) -> Column:
        column = column_named(name, (*self.columns, *self._counted, *EXECUTIONS))
        if column is None:
            names = ", ".join(column.name for column in self.columns)
            raise MisuseError(f"`{self.name}` knows no column `{name}`.", f"Its columns are {names}.")
        return column

    @property
    def _counted(self) -> tuple[Column, ...]:
        return TABLES[self.counts]

    def _narrowed(self, facts: Facts, conditions: Sequence[Condition]) -> Facts:
        own = [c for c in conditions if column_named(c.column, self._counted)]
        if self.counts == "executions":
            return _of_executions(facts, own)
        others = [c for c in conditions if c not in own]
        attempts = _filtered(facts.attempts, own, ATTEMPTS)
        narrowed = replace(facts, attempts=attempts, some_attempts=bool(own))
        return _of_executions(narrowed, others)


def _of_executions(facts: Facts, conditions: Sequence[Condition]) -> Facts:
    """The executions that meet the conditions, and their attempts."""
    if not conditions:
        return facts
    kept = _filtered(facts.executions, conditions, EXECUTIONS)
    if all(condition.column in CARRIED for condition in conditions):
        attempts = _filtered(facts.attempts, conditions, EXECUTIONS, CARRIED)
    else:
        attempts = facts.attempts.join(kept, on="execution_id", how="semi")
    return replace(facts, executions=kept, attempts=attempts)


def _filtered(
    table: Table, conditions: Sequence[Condition], columns: Iterable[Column], names: Mapping[str, str] | None = None
) -> Table:
    """The rows that meet the conditions; `names` are those that the columns have in this table, where they differ."""
    known = {column.name: column._replace(name=(names or {}).get(column.name, column.name)) for column in columns}
    return table.filter(*(c.holds(known[c.column]) for c in conditions)) if conditions else table


def analysis(
    *, columns: Iterable[Column], counts: FactTable, is_export: bool = False
) -> Callable[[Callable[[Facts], Answer]], Analysis]:
    """Make an analysis of a function from facts to a table with these columns, more columns or none of them apart."""
    return lambda answer: Analysis(answer, tuple(columns), counts, is_export)


def analysis_names() -> list[str]:
    """The names of all analyses, in alphabetical order."""
    return sorted(module.name for module in pkgutil.iter_modules(package.__path__))


def analysis_named(name: str) -> Analysis:
    """The analysis of that name. Raises MisuseError for a name that none has."""
    if name not in analysis_names():
        raise MisuseError(f"There is no report `{name}`.", f"The reports are {', '.join(analysis_names())}.")
    found: Analysis = getattr(import_module(f"{package.__name__}.{name}"), name)
    return found


def analyses() -> dict[str, Analysis]:
    """All analyses by name, in alphabetical order."""
    return {name: analysis_named(name) for name in analysis_names()}
