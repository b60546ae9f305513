"""What executions cost together with those that they started: nested machines, and children of Distributed Maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from analyzer.columns import MACHINE_COLUMNS, TYPE_COLUMN, count, number, text
from analyzer.costs import EXECUTION_COUNTS, MACHINE_TYPE, execution_costs
from analyzer.frames import collected
from analyzer.ratios import ranked, ratio, share
from analyzer.registry import Facts, analysis

COLUMNS = (
    *MACHINE_COLUMNS,
    TYPE_COLUMN,
    count("executions", "executions that nobody in the window started, as far as links are known"),
    count("children", "executions that those started, and those that these started, and so on"),
    text("children_machines", "the machines of the children"),
    number("own_cost_usd", "list price of the executions themselves"),
    number("children_cost_usd", "list price of their children, with those that these started"),
    number("cost_usd", "both together; empty when no price is known"),
    number("cost_share", "of the cost of all machines"),
    number("children_share", "what part of it the children are"),
    number("cost_per_execution_usd", "both together, by execution"),
    count("executions_unpriced", "executions of the machine whose cost is not known: they are not in the sums"),
    text("cost_note", "the rule and price behind the cost, or why it is empty"),
)
MOVED = ["children", "children_cost_usd", "moved", "moved_cost_usd"]

Row = dict[str, Any]


@analysis(counts="executions", columns=COLUMNS)
def cost_with_children(facts: Facts) -> pd.DataFrame:
    """What does each machine cost with all that its executions started?

    One row per machine whose executions began something, the dearest first. A child is counted with the first execution
    of its chain that is in the window, and only there: the costs add up to those of the machines.
    """
    costs = execution_costs(facts, MACHINE_TYPE, EXECUTION_COUNTS)
    given, taken = _moves(facts)
    merged = costs.merge(given, on=MACHINE_TYPE, how="left").merge(taken, on=MACHINE_TYPE, how="left")
    filled = merged.assign(**merged[MOVED].fillna(0))
    known = filled["cost_usd"].notna()
    filled["executions"] -= filled["moved"].astype("Int64")
    filled["own_cost_usd"] = filled["cost_usd"] - filled["moved_cost_usd"]
    filled["cost_usd"] = (filled["own_cost_usd"].fillna(0) + filled["children_cost_usd"]).where(
        known | (filled["children_cost_usd"] > 0)
    )
    filled["children"] = filled["children"].astype("Int64")
    filled["cost_share"] = share(filled["cost_usd"])
    filled["children_share"] = ratio(filled["children_cost_usd"], filled["cost_usd"])
    filled["cost_per_execution_usd"] = ratio(filled["cost_usd"], filled["executions"])
    return ranked(filled[filled["executions"] > 0], "cost_usd", MACHINE_TYPE)


def _moves(facts: Facts) -> tuple[pd.DataFrame, pd.DataFrame]:
    """By machine, what its executions get of their children, and what of its executions are children themselves."""
    links = facts.records.get("links")
    moves = pd.DataFrame([] if links is None else list(_moved(facts, links)), columns=["arn", "root"]).astype("string")
    known = _executions(facts, [*moves["arn"], *moves["root"]])
    children = moves.merge(known, left_on="arn", right_on="execution_arn")
    taken = children.groupby(MACHINE_TYPE, dropna=False).agg(moved=("arn", "size"), moved_cost_usd=("cost_usd", "sum"))
    roots = known.rename(columns={"cost_usd": "own", "execution_arn": "root"})
    pairs = children[["root", "cost_usd", "machine"]].rename(columns={"machine": "child"}).merge(roots, on="root")
    given = pairs.groupby(MACHINE_TYPE, dropna=False).agg(
        children=("root", "size"),
        children_cost_usd=("cost_usd", "sum"),
        children_machines=("child", lambda names: ", ".join(sorted(set(names)))),
    )
    return given.reset_index(), taken.reset_index()


def _moved(facts: Facts, links: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Each child of the window, and the first execution of its chain that is in the window too."""
    parent_of = dict(zip(links["child_arn"], links["parent_arn"], strict=True))
    here = set(_executions(facts, [*parent_of, *parent_of.values()])["execution_arn"])
    for child in parent_of:
        root = _root(child, parent_of, here)
        if child in here and root != child:
            yield child, root


def _root(child: str, parent_of: Mapping[str, str], here: set[str]) -> str:
    """The highest execution above a child up to which all are known; the child itself where a chain bites its tail."""
    seen, root = {child}, child
    while (parent := parent_of.get(root)) is not None and parent in here:
        if parent in seen:
            return child
        seen.add(parent)
        root = parent
    return root


def _executions(facts: Facts, arns: list[str]) -> pd.DataFrame:
    wanted = facts.executions.filter(nw.col("execution_arn").is_in(arns)) if arns else facts.executions.head(0)
    return collected(wanted.select("execution_arn", *MACHINE_TYPE, "cost_usd"))
