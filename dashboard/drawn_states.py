"""What a graph of states shows: the states of one machine with what there is to say of each, and the ways. Pure.

Over many executions it is coloured by failures, time or cost; of one execution by what became of each state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from dashboard.figures.graph import Node, Way
from dashboard.filters import Filters
from dashboard.theme import NEUTRAL, RED, SECOND
from dashboard.wording import Figure, as_code, count, counted, duration, is_known, share, usd

PLACE = ["path", "state"]


class Measure(NamedTuple):
    """What states are coloured by: the word behind a figure, what it is, its analysis and column, how it is written."""

    words: str
    question: str
    analysis: str
    column: str
    written: Callable[[Figure], str]
    colour: str


MEASURES = {
    "failures": Measure("failed", "failed attempts", "failure_hotspots", "failures", count, RED),
    "time": Measure("run", "time run", "state_latency", "run_ms", duration, NEUTRAL),
    "cost": Measure("", "cost at list price", "cost_by_state", "cost_usd", usd, SECOND),
}


class Picture(NamedTuple):
    """Nodes and ways, ready to be drawn."""

    nodes: list[Node]
    ways: list[Way]


def picture(edges: pd.DataFrame, answer: pd.DataFrame, measure: Measure, url: Callable[[str], str]) -> Picture:
    """The states of one machine from its rows of `edges` and of the measure's analysis; `url` is that of a state."""
    amounts = _amounts(answer, measure.column)
    most = max(amounts.values(), default=0.0)
    entered = _entered(edges)
    nodes = [
        _node(path, state, times, amounts.get(state, 0.0), most, measure, url(state))
        for (path, state), times in entered.items()
    ]
    return Picture(nodes, _ways(edges))


def _amounts(answer: pd.DataFrame, column: str) -> dict[str, float]:
    sums = answer.groupby("state")[column].sum()
    return {str(state): float(amount) for state, amount in sums.items() if is_known(amount)}


def _entered(edges: pd.DataFrame) -> dict[tuple[str, str], int]:
    """How often each state was entered, by place, in the order in which the ways name them."""
    found: dict[tuple[str, str], int] = {}
    for path, source, target, times in _cells(edges):
        if source:
            found.setdefault((path, source), 0)
        if target:
            found[path, target] = found.get((path, target), 0) + times
    return found


def _cells(edges: pd.DataFrame) -> Iterable[tuple[str, str, str, int]]:
    texts = edges[["path", "source", "target"]].fillna("")
    for (path, source, target), times in zip(texts.itertuples(index=False), edges["traversals"], strict=True):
        yield str(path), str(source), str(target), int(times)


def _node(path: str, state: str, times: int, amount: float, most: float, measure: Measure, url: str) -> Node:
    if not times:
        return Node(path, state, "never entered", f"{state}: no execution of the window entered it", url)
    told = f"{measure.written(amount)} {measure.words}".strip()
    below = told if amount else counted(times, "visit")
    hover = f"{state}: {counted(times, 'visit')}, {told}"
    return Node(path, state, below, hover, url, amount / most if most else 0.0)


def _ways(edges: pd.DataFrame) -> list[Way]:
    kinds, chances = edges["kind"].fillna(""), edges["probability"]
    return [
        Way(path, source, target, str(kind), times, share(chance) if _is_choice(chance) else "")
        for (path, source, target, times), kind, chance in zip(_cells(edges), kinds, chances, strict=True)
        if target
    ]


def _is_choice(chance: object) -> bool:
    """Whether there is more than one way on; to write 100 % beside each arrow would say nothing."""
    return is_known(chance) and 0 < float(str(chance)) < 1


def ways_taken(edges: pd.DataFrame, machine: str, filters: Filters) -> str:
    """The answer as a sentence."""
    taken = edges[edges["target"].notna() & edges["source"].notna()]
    if edges.empty or not edges["traversals"].sum():
        return f"{as_code(machine)} entered no state {filters.words}{filters.narrowing}."
    used, never = int((taken["traversals"] > 0).sum()), int((taken["traversals"] == 0).sum())
    drift = int((~taken["is_defined"].astype("boolean").fillna(value=True)).sum())
    sentence = f"{as_code(machine)} took **{counted(used, 'way')}** from state to state {filters.words}"
    sentence += f"; **{counted(never, 'way')}** of its newest definition {'was' if never == 1 else 'were'} never taken"
    if drift:
        sentence += f", and {counted(drift, 'way')} that it does not have {'was' if drift == 1 else 'were'}"
    return f"{sentence}."


OUTCOMES = {"failed": 1.0, "timed_out": 1.0, "aborted": 0.6, "running": 0.5}


def picture_of_one(attempts: pd.DataFrame) -> Picture:
    """The states that one execution entered, from its rows of `attempts`, the stronger the worse it went."""
    tries = attempts[attempts["attempt"].notna()]
    visited = dict(zip(tries["visit_id"].tolist(), tries["state"], strict=True))
    grouped = tries.fillna({"path": ""}).groupby(PLACE, sort=False)
    nodes = [_node_of_one(str(path), str(state), rows) for (path, state), rows in grouped]
    return Picture(nodes, _ways_of_one(tries, visited))


def _node_of_one(path: str, state: str, rows: pd.DataFrame) -> Node:
    worst = max((OUTCOMES.get(str(outcome), 0.0) for outcome in rows["outcome"]), default=0.0)
    visits, tries = int((rows["attempt"] == 1).sum()), len(rows)
    below = "" if tries == 1 else f"{counted(visits, 'visit')}, {counted(tries, 'attempt')}"
    errors = ", ".join(dict.fromkeys(str(error) for error in rows["error"].dropna()))
    last = str(rows["outcome"].iloc[-1])
    hover = f"{state}: {below or '1 attempt'}, {last}" + (f"; {errors}" if errors else "")
    return Node(path, state, below or ("" if last == "succeeded" else last), hover, "", worst)


def _ways_of_one(tries: pd.DataFrame, visited: Mapping[int, str]) -> list[Way]:
    first = tries[tries["attempt"] == 1].fillna({"path": ""})
    before = first["after_id"].map(visited).fillna("")
    taken = (
        first.assign(source=before).groupby(["path", "source", "state"], sort=False).size().reset_index(name="times")
    )
    return [
        Way(str(path), str(source), str(target), "next", int(times), f"{times} ×" if times > 1 else "")
        for path, source, target, times in taken.itertuples(index=False)
    ]
