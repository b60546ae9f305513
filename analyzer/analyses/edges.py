"""How often each way from one state to the next was taken."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE, MACHINE_COLUMNS, count, number, text
from analyzer.definition import Definition
from analyzer.expressions import flag, is_first_try, is_partial, one, totals
from analyzer.frames import frame_from
from analyzer.registry import Facts, MachineKey, analysis
from store.schema import FLAG, Column

COLUMNS = (
    *MACHINE_COLUMNS,
    text("path", "container states around both, outermost first, joined by `/`; empty at top level"),
    text("source", "the state that was left; empty where a branch, an iteration or the execution begins"),
    text("target", "the state that was entered next; empty where none was: it ended there"),
    text("kind", "next, choice, default, catch, start or end by the newest definition; empty when it has no such edge"),
    count("traversals", "times it was taken; 0 for an edge of the definition that no execution took"),
    number("probability", "share of the visits of the source that went this way; empty where there is no source"),
    Column("is_defined", FLAG, "whether the newest definition has the edge; empty when no definition is known"),
    count("traversals_partial", "those in executions whose history is not complete"),
)
KEY = ["path", "source", "target"]
Place = tuple[str, str, str]


@analysis(counts="attempts", columns=COLUMNS)
def edges(facts: Facts) -> pd.DataFrame:
    """Which ways from state to state are taken, how often, and which never?

    One row per machine and edge, by machine and place. An edge that the newest definition does not have was taken by
    executions of another revision, or by a way that no definition shows. A state that a redrive runs again
    counts again.
    """
    found = totals(
        facts.attempts.filter(is_first_try),
        {
            **{name: nw.col(name) for name in (*MACHINE, "path")},
            "source": nw.col("after_state"),
            "target": nw.col("state"),
        },
        counts={"traversals": one, "traversals_partial": flag(is_partial)},
    ).fillna(dict.fromkeys([*MACHINE, *KEY], ""))
    rows = [
        row
        for (machine, region, account), own in found.groupby(list(MACHINE), sort=True)
        for row in _of_machine(MachineKey(str(account), str(region), str(machine)), own, facts)
    ]
    return frame_from(rows, COLUMNS)


def _of_machine(machine: MachineKey, own: pd.DataFrame, facts: Facts) -> Iterator[dict[str, object]]:
    """All edges of a machine: those taken, with the ends, and those that its definition has besides."""
    definition = facts.definitions.get(machine)
    defined = defined_edges(definition) if definition is not None else {}
    taken = {
        (str(p), str(s), str(t)): (int(n), int(x)) for p, s, t, n, x in own[[*KEY, *_COUNTS]].itertuples(index=False)
    }
    visits = {(place[0], place[2]): 0 for place in taken}
    for (path, _, target), (times, _) in taken.items():
        visits[path, target] += times
    taken |= _ends(taken, visits)
    for place in sorted({*taken, *defined}):
        path, source, target = place
        times, partial = taken.get(place, (0, 0))
        entered = visits.get((path, source), 0)
        yield {
            **dict(zip(MACHINE, (machine.name, machine.region or None, machine.account or None), strict=True)),
            **{name: cell or None for name, cell in zip(KEY, place, strict=True)},
            "kind": defined.get(place) or (_beyond(place) if definition is None or not target else None),
            "traversals": times,
            "probability": times / entered if entered else None,
            "is_defined": None if definition is None or not target else place in defined,
            "traversals_partial": partial,
        }


_COUNTS = ["traversals", "traversals_partial"]


def _ends(
    taken: dict[Place, tuple[int, int]], visits: dict[tuple[str, str], int]
) -> Iterator[tuple[Place, tuple[int, int]]]:
    """Where visits of a state led nowhere: it ended there, well or not."""
    left = dict(visits)
    for (path, source, _), (times, _) in taken.items():
        if source:
            left[path, source] = left.get((path, source), 0) - times
    return (((path, state, ""), (times, 0)) for (path, state), times in left.items() if times > 0)


def _beyond(place: Place) -> str | None:
    """What an edge to or from nowhere is."""
    return "end" if not place[2] else None if place[1] else "start"


def defined_edges(definition: Definition) -> dict[Place, str]:
    """The edges of a definition by place, each with its kind: the first one where it has several."""
    found: dict[Place, str] = {}
    for state in definition.states.values():
        path = "/".join(name.replace("/", "%2F") for name in state.path)
        if state.is_start:
            found[path, "", state.name] = "start"
        for edge in state.edges:
            found.setdefault((path, edge.source, edge.target), edge.kind)
    return found
