"""What it costs to wait and ask again, instead of being told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text
from analyzer.costs import cost_notes
from analyzer.definition import Definition
from analyzer.expressions import flag, one, totals
from analyzer.frames import collected, frame_from
from analyzer.machines import Row, keyed, named
from analyzer.polling import PollingLoop, polling_loops
from analyzer.ratios import ranked
from analyzer.registry import Facts, MachineKey, analysis
from store.quantiles import Table, quantile_column, quantiles_by

COLUMNS = (
    *MACHINE_COLUMNS,
    text("state", "the Wait state of the loop"),
    text("loop", "the states of the loop; only the Wait where no definition is known"),
    text("resource", "what the loop asks"),
    text("found_in", "definition, runs, or both: a loop of the definition that no run went around is in it alone"),
    number("wait_ms", "time between two questions: the mean of what runs waited, else what the definition says"),
    count("runs", "times the loop was entered: once an execution, branch or iteration"),
    count("iterations", "times it was gone around"),
    number("iterations_per_run", "how often it was gone around, on average"),
    number("iterations_p50", "half of the runs went around no oftener"),
    number("iterations_p95", "95 of 100 runs went around no oftener"),
    count("iterations_max", "the most iterations of one run"),
    count("transitions", "billable state transitions of the loop"),
    number("cost_usd", "list price of them before the free tier; empty when no price is known"),
    number("cost_share", "of the cost of the machine"),
    number("repeated_cost_usd", "the part of the cost that all iterations after the first of a run made"),
    number("saving_usd", "what one transition a run in place of the loop would save: a `.sync` call or a callback"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)
STATE = [*MACHINE, "state"]
AT = {"p50": 0.5, "p95": 0.95, "max": 1.0}

Key = tuple[MachineKey, str]


@analysis(counts="attempts", columns=COLUMNS)
def cost_of_polling(facts: Facts) -> pd.DataFrame:
    """Which loops wait and ask again, how often, and what does that cost?

    One row per loop with a Wait and a call, the dearest first: those of the newest definitions, and those that runs
    went around and no definition tells of. Only Standard, where every question is a transition.
    """
    standard = facts.attempts.filter(nw.col("type") == "STANDARD")
    counted = {"transitions": nw.col("transitions")}
    costs = _by_state(totals(standard, STATE, counts=counted, amounts={"cost_usd": nw.col("cost_usd")}))
    waits = _by_state(_waits(standard))
    loops = {
        key: loop for key, loop in _loops(facts.definitions) if any((key[0], name) in costs for name in loop.states)
    }
    again = [key for key, wait in waits.items() if wait["iterations_max"] > 1 and key not in loops]
    rows = [_row(key, loop, waits.get(key), costs) for key, loop in [*loops.items(), *((key, None) for key in again)]]
    notes = cost_notes(facts.executions, MACHINE)
    found = frame_from(rows, [column for column in COLUMNS if column.name != "cost_note"])
    return ranked(found.merge(notes, on=list(MACHINE), how="left"), "cost_usd", STATE)


def _loops(definitions: Mapping[MachineKey, Definition]) -> Iterator[tuple[Key, PollingLoop]]:
    for machine, definition in definitions.items():
        for loop in polling_loops(definition):
            yield (machine, loop.wait_state), loop


def _by_state(frame: pd.DataFrame) -> dict[Key, Row]:
    """Rows by machine and state."""
    return {(machine, row["state"]): row for machine, row in keyed(frame)}


def _waits(attempts: Table) -> pd.DataFrame:
    """By Wait state: how often a run went around, and how long it waited.

    A run of a loop is one trip through what holds it: an execution, a branch, or an iteration.
    """
    waits = attempts.filter(nw.col("state_type") == "Wait").select(
        *STATE,
        *("execution_id", "parent_id", "branch", "iteration"),
        waited=nw.col("exited_at") - nw.col("entered_at"),
        known=flag(~nw.col("exited_at").is_null()),
    )
    runs = waits.group_by(*STATE, "execution_id", "parent_id", "branch", "iteration").agg(
        nw.len().alias("iterations"), nw.col("waited", "known").sum()
    )
    counted = runs.with_columns(runs=one, total=nw.col("iterations"))
    found = collected(
        quantiles_by(counted, STATE, ["iterations"], list(AT.values()), ["runs", "total", "waited", "known"])
    )
    named = {quantile_column("iterations", at): f"iterations_{name}" for name, at in AT.items()}
    return found.rename(columns={**named, "total": "iterations"})


def _row(key: Key, loop: PollingLoop | None, wait: Row | None, costs: Mapping[Key, Row]) -> Row:
    machine, state = key
    names = loop.states if loop else (state,)
    return {
        **named(machine),
        "state": state,
        "loop": ", ".join(names),
        "resource": ", ".join(name for name in loop.calls if name) or None if loop else None,
        "found_in": _found_in(loop, wait),
        **_iterations(wait, loop),
        **_costs(machine, names, (wait or {}).get("runs") or 0, (wait or {}).get("iterations") or 0, costs),
    }


def _found_in(loop: PollingLoop | None, wait: Row | None) -> str:
    went_around = wait is not None and wait["iterations_max"] > 1
    return " and ".join(name for name, is_so in (("definition", loop), ("runs", went_around)) if is_so)


def _iterations(wait: Row | None, loop: PollingLoop | None) -> Row:
    literal = loop.wait_seconds * 1_000 if loop and loop.wait_seconds is not None else None
    if wait is None:
        return {"runs": 0, "iterations": 0, "wait_ms": literal}
    return {
        **{name: wait[name] for name in ("runs", "iterations", "iterations_p50", "iterations_p95", "iterations_max")},
        "iterations_per_run": wait["iterations"] / wait["runs"],
        "wait_ms": wait["waited"] / wait["known"] if wait["known"] else literal,
    }


def _costs(machine: MachineKey, names: tuple[str, ...], runs: int, iterations: int, costs: Mapping[Key, Row]) -> Row:
    """What the states of a loop cost, and what of that went into asking again."""
    own = [costs[machine, name] for name in names if (machine, name) in costs]
    of_machine = [
        row["cost_usd"] for (name, _), row in costs.items() if name == machine and row["cost_usd"] is not None
    ]
    known = [row["cost_usd"] for row in own if row["cost_usd"] is not None]
    transitions, cost = sum(row["transitions"] for row in own), sum(known) if known else None
    if cost is None or not transitions:
        return {"transitions": transitions, "cost_usd": cost}
    return {
        "transitions": transitions,
        "cost_usd": cost,
        "cost_share": cost / sum(of_machine) if sum(of_machine) else None,
        "repeated_cost_usd": cost * (1 - runs / iterations) if iterations else 0.0,
        "saving_usd": cost * (1 - runs / transitions),
    }
