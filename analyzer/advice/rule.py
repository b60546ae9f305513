"""What a rule is, what it gives, and what it may look at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple

import narwhals as nw

from analyzer.columns import MACHINE
from analyzer.definition import State
from analyzer.expressions import columns, flag, is_failure, is_retry, one, part, totals
from analyzer.machines import keyed
from analyzer.registry import Facts, MachineKey
from analyzer.window import MS_IN_DAY

Severity = Literal["high", "medium", "info"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "info")


class Hint(NamedTuple):
    """One finding of a rule: `occurrences` of `occasions` speak for it.

    `saving_usd` is what the window would have cost less, where that is known.
    """

    machine: MachineKey
    state: str | None
    severity: Severity
    sentence: str
    occurrences: int
    occasions: int
    saving_usd: float | None = None


class StateUse(NamedTuple):
    """What happened in a state: attempts, those that failed, those still running after a day, what they cost."""

    attempts: int = 0
    failures: int = 0
    ended: int = 0
    stuck: int = 0
    transitions: int = 0
    usd: float | None = None


class ErrorUse(NamedTuple):
    """What happened with an error in a state: attempts that failed with it, those that ended their execution."""

    error: str
    failures: int
    ended: int


class RetryUse(NamedTuple):
    """The retries after a first error of a state: how many, how many succeeded, what they cost."""

    error: str
    retries: int
    recovered: int
    usd: float | None


Place = tuple[MachineKey, str]


class Evidence:
    """Definitions, and what happened in their states; each table is counted when first asked for."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts

    def states(self) -> Iterator[tuple[MachineKey, State]]:
        """Every state of the newest definition of each machine."""
        for machine, definition in self.facts.definitions.items():
            for state in definition.states.values():
                yield machine, state

    def use(self, machine: MachineKey, state: str) -> StateUse:
        """What happened in a state."""
        return self._uses.get((machine, state), StateUse())

    def errors(self, machine: MachineKey, state: str) -> list[ErrorUse]:
        """With which errors a state failed."""
        return self._errors.get((machine, state), [])

    def retries(self, machine: MachineKey, state: str) -> list[RetryUse]:
        """After which errors a state was retried."""
        return self._retries.get((machine, state), [])

    def total(self, machine: MachineKey) -> StateUse:
        """What happened in all states of a machine together."""
        own = [use for (owner, _), use in self._uses.items() if owner == machine]
        known = [use.usd for use in own if use.usd is not None]
        return StateUse(
            sum(use.attempts for use in own),
            sum(use.failures for use in own),
            sum(use.ended for use in own),
            sum(use.stuck for use in own),
            sum(use.transitions for use in own),
            sum(known) if known else None,
        )

    @cached_property
    def types(self) -> Mapping[MachineKey, str]:
        """STANDARD or EXPRESS, of each machine that ran."""
        ran = totals(self.facts.executions, [*MACHINE, "type"], counts={"executions": one})
        return {machine: row["type"] for machine, row in keyed(ran)}

    @cached_property
    def _uses(self) -> dict[Place, StateUse]:
        tried = self.facts.attempts.filter(~nw.col("attempt").is_null())
        counted = totals(
            tried,
            [*MACHINE, "state"],
            counts={
                "attempts": one,
                "failures": flag(is_failure.fill_null(value=False)),
                "ended": flag(_ended & is_failure.fill_null(value=False)),
                "stuck": flag(_is_stuck(self.facts.now_ms)),
                "transitions": nw.col("transitions"),
            },
            amounts={"usd": nw.col("cost_usd")},
        )
        return {(machine, row["state"]): StateUse(*_cells(row, StateUse._fields)) for machine, row in keyed(counted)}

    @cached_property
    def _errors(self) -> dict[Place, list[ErrorUse]]:
        failed = totals(
            self.facts.attempts.filter(is_failure & ~nw.col("error").is_null()),
            [*MACHINE, "state", "error"],
            counts={"failures": one, "ended": flag(_ended)},
        )
        found: dict[Place, list[ErrorUse]] = defaultdict(list)
        for machine, row in keyed(failed.sort_values("failures", ascending=False, kind="stable")):
            found[machine, row["state"]].append(ErrorUse(*_cells(row, ErrorUse._fields)))
        return found

    @cached_property
    def _retries(self) -> dict[Place, list[RetryUse]]:
        made = totals(
            self.facts.attempts.filter(is_retry & ~nw.col("visit_error").is_null()),
            {**columns([*MACHINE, "state"]), "error": nw.col("visit_error")},
            counts={"retries": one, "recovered": flag((nw.col("outcome") == "succeeded").fill_null(value=False))},
            amounts={"usd": part(is_retry, nw.col("cost_usd"))},
        )
        found: dict[Place, list[RetryUse]] = defaultdict(list)
        for machine, row in keyed(made.sort_values("retries", ascending=False, kind="stable")):
            found[machine, row["state"]].append(RetryUse(*_cells(row, RetryUse._fields)))
        return found


_ended = nw.col("is_root").fill_null(value=False) & nw.col("execution_status").is_in(["FAILED", "TIMED_OUT", "ABORTED"])


def _is_stuck(now_ms: int) -> nw.Expr:
    is_running = nw.col("outcome").fill_null("") == "running"
    return is_running & (nw.col("entered_at").fill_null(now_ms) < now_ms - MS_IN_DAY)


def _cells(row: Mapping[str, Any], names: Sequence[str]) -> list[Any]:
    return [row[name] for name in names]


class Rule(NamedTuple):
    """A question about machines, when the answer is worth saying, why, how to mend it, and what finds it."""

    question: str
    threshold: str
    why: str
    fix: str
    hints: Callable[[Evidence], Iterator[Hint]]


def times(number: int, one_: str, many: str = "") -> str:
    """A number and its noun."""
    return f"{number:,} {one_ if number == 1 else many or f'{one_}s'}"
