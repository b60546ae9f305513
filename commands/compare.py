"""`stepscope compare`: two executions, or the executions of a machine before and after a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from commands.wording import counted, duration, json_text, plain
from store.errors import MisuseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analyzer.closeup import CloseUp
    from analyzer.comparison import Divergence

SHOWN = 12
SIDES = ("before", "after")


@click.command()
@click.argument("executions", nargs=-1, metavar="[FIRST SECOND]")
@click.option("--machine", metavar="NAME", help="Compare executions of this machine instead of two single ones.")
@click.option(
    "--cut",
    metavar="TIME",
    help="With --machine: those that started before it with those since; else failed with successful ones.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@store_option()
@pass_session
@examples(
    "stepscope compare order-48217 order-48218",
    "stepscope compare --machine order-processing",
    "stepscope compare --machine order-processing --cut 2026-11-02",
)
def compare(session: Session, executions: tuple[str, ...], machine: str | None, cut: str | None, as_json: bool) -> None:
    """Two executions side by side: where their ways part, and which states took longer.

    FIRST and SECOND are names or ARNs. With --machine it compares its failed executions with its successful ones, or
    with --cut those before a moment with those after it, state by state.
    """
    if machine is None and len(executions) != 2:  # noqa: PLR2004 -- two to compare
        sentence = f"{counted(len(executions), 'execution')} cannot be compared"
        raise MisuseError(sentence, "Name two, or a machine with --machine.")
    if machine is not None and executions:
        raise MisuseError("Executions and --machine cannot be compared with each other", "Leave one of them out.")
    told = _of_machine(session, machine, cut) if machine is not None else _of_two(session, *executions)
    session.say(json_text(told) if as_json else plain(_written(told)))


def _of_two(session: Session, first: str, second: str) -> dict[str, Any]:
    from analyzer.comparison import compared_states, divergence
    from commands.show import close_up_named

    sides = [close_up_named(session, name) for name in (first, second)]
    states = compared_states(sides[0].attempts, sides[1].attempts)
    parted = divergence(sides[0].attempts, sides[1].attempts)
    return {
        "first": _head(sides[0]),
        "second": _head(sides[1]),
        "divergence": parted._asdict() if parted is not None else None,
        "summary": _parting(parted),
        "states": states.astype(object).where(states.notna(), None).to_dict("records"),
    }


def _head(side: CloseUp) -> dict[str, Any]:
    return {name: side.execution[name] for name in ("execution_arn", "status", "duration_ms", "revision", "error")}


def _parting(parted: Divergence | None) -> str:
    if parted is None:
        return "Both took the same way."
    inside = f" in {parted.path}" if parted.path else ""
    ways = [f"went to {state}" if state is not None else "ended" for state in (parted.first, parted.second)]
    behind = f"after {parted.after}" if parted.after else "at once"
    return f"Their ways part{inside} {behind}: the first {ways[0]}, the second {ways[1]}."


def _of_machine(session: Session, machine: str, cut: str | None) -> dict[str, Any]:
    import narwhals as nw

    from analyzer.prices import known_prices
    from analyzer.reading import facts_within, newest_definitions
    from analyzer.registry import analysis_named
    from analyzer.sides import compared_sides
    from analyzer.window import Window
    from commands.folding import fold_leftovers
    from commands.moments import moment_ms

    fold_leftovers(session)
    folder, now, window = session.folder, session.clock(), Window(machines=(machine,))
    with facts_within(folder, window, newest_definitions(folder), known_prices(folder), now) as facts:
        if cut is None:
            found = analysis_named("success_vs_failure").run(facts)
            told = found.astype(object).where(found.notna(), None).to_dict("records")
            return {"sides": ["succeeded", "failed"], "states": told}
        started, at = nw.col("execution_started_at"), moment_ms(cut, now)
        rows = compared_sides(facts, started >= at, started < at, SIDES)
    rows.sort(key=lambda row: (-abs(row["reached_difference_rate"]), row["state"]))
    return {"sides": list(SIDES), "states": rows}


def _written(told: Mapping[str, Any]) -> str:
    if "summary" in told:
        return "\n".join([*map(_line, (told["first"], told["second"])), told["summary"], "", *_times(told["states"])])
    if not told["states"]:
        return "There is nothing on one of the two sides to compare with."
    return "\n".join(_reached(told["sides"], told["states"]))


def _line(side: Mapping[str, Any]) -> str:
    error = f", {side['error']}" if side["error"] else ""
    return f"{side['execution_arn']}  {side['status']}{error}, took {duration(side['duration_ms'])}"


def _times(states: Sequence[Mapping[str, Any]]) -> list[str]:
    """The states that differ, in columns."""
    width = max((len(row["state"]) for row in states[:SHOWN]), default=5)
    lines = [f"{'state':<{width}}  {'first':>9}  {'second':>9}  tries  called"]
    for row in states[:SHOWN]:
        calls = f"{row['first_integration']} → {row['second_integration']}" if row["second_integration"] else ""
        times = [duration(row[name]) if row[name] is not None else "-" for name in ("first_ms", "second_ms")]
        tries = f"{row['first_attempts']}/{row['second_attempts']}"
        lines.append(f"{row['state']:<{width}}  {times[0]:>9}  {times[1]:>9}  {tries:<5}  {calls}".rstrip())
    return lines


def _reached(sides: Sequence[str], states: Sequence[Mapping[str, Any]]) -> list[str]:
    """Of each state how many of each side entered it, and how long it ran."""
    width = max(len(row["state"]) for row in states[:SHOWN])
    lines = [f"{'state':<{width}}  {'entered by':>21}  {'median run':>23}"]
    for row in states[:SHOWN]:
        rates = [f"{row[f'{side}_reached_rate']:.1%}" for side in sides]
        runs = [duration(ms) if (ms := row[f"{side}_run_p50_ms"]) is not None else "-" for side in sides]
        lines.append(f"{row['state']:<{width}}  {rates[0]:>9} → {rates[1]:>9}  {runs[0]:>10} → {runs[1]:>10}")
    return [f"{sides[0]} → {sides[1]}", "", *lines]
