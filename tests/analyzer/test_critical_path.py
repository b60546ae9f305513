"""The critical path against every path there is, tried one by one, on simulated executions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from analyzer.charges import Tariff
from analyzer.context import Context
from analyzer.critical_path import critical_attempts, parts_of
from analyzer.parts import PARTS
from analyzer.prices import bundled_prices
from analyzer.tables import fact_tables
from store.events import known_events
from store.histories import packed
from store.machines import Machine
from tests.analyzer.histories import KEPT, answers, recorded
from tests.analyzer.simulator import Body, programs, simulated
from tests.analyzer.simulator.permuted import permuted

Row = Mapping[str, Any]
SEEDS = st.integers(0, 2**32)
TROUBLE = st.sampled_from([0.0, 0.1, 0.3])
OPEN = 1 << 62


class Side(NamedTuple):
    """A branch or an iteration, by hand: its rows, from when to when, and whether it ended by itself."""

    rows: list[Row]
    begin: int
    end: int
    is_own: bool


def sides_of(container: Row, rows: Sequence[Row]) -> list[Side]:
    found: dict[tuple[Any, Any], list[Row]] = {}
    for row in rows:
        if row["parent_id"] == container["event_id"]:
            found.setdefault((row["branch"], row["iteration"]), []).append(row)
    return [_side(inside) for inside in found.values()]


def _side(inside: list[Row]) -> Side:
    ends = [row["exited_at"] or row["ended_at"] or OPEN for row in inside]
    is_own = inside[-1]["outcome"] not in ("aborted", "running")
    return Side(inside, min(row["entered_at"] for row in inside), max(ends), is_own)


def chains(sides: Sequence[Side], *, one_at_a_time: bool) -> Iterator[list[Side]]:
    """Every chain in which each iteration ended before the next began; of branches each by itself."""

    def grown(chain: list[Side]) -> Iterator[list[Side]]:
        yield chain
        for other in sides:
            if one_at_a_time and chain[0].begin >= other.end > other.begin:
                yield from grown([other, *chain])

    for last in sides:
        yield from grown([last])


def length(chain: Sequence[Side], sides: Sequence[Side], begin: int, *, one_at_a_time: bool) -> float:
    """How long a chain makes its container last, with the delays seen: from its begin to the end of the last side.

    A side that waited for others could not have begun with the container; one cut short decides nothing.
    """
    if not chain[-1].is_own and any(side.is_own for side in sides):
        return -1
    at = float(begin)
    for number, side in enumerate(chain):
        before = [s.end for s in sides if s.begin < s.end <= side.begin] if one_at_a_time else []
        if before and not number:
            return -1
        at += side.begin - max(before, default=begin) + side.end - side.begin
    return at - begin


@given(programs(), SEEDS, TROUBLE)
def test_the_critical_path_is_the_longest_of_all_paths(body: Body, seed: int, trouble: float) -> None:
    told = answers(simulated(body, seed, trouble=trouble, limit=150).events)
    on_path = {row["event_id"] for row in critical_attempts(told.attempts)}
    rows = [row for row in told.attempts if row["attempt"] is not None]
    assert {row["event_id"] for row in rows if row["parent_id"] is None} <= on_path
    for container in rows:
        sides = sides_of(container, rows)
        if container["event_id"] not in on_path:
            assert not on_path & {row["event_id"] for side in sides for row in side.rows}
        elif sides:
            is_longest(container, sides, on_path)


def is_longest(container: Row, sides: list[Side], on_path: set[int]) -> None:
    in_turn = container["state_type"] == "Map"
    chosen = [side for side in sides if side.rows[0]["event_id"] in on_path]
    assert on_path & {r["event_id"] for s in sides for r in s.rows} == {r["event_id"] for s in chosen for r in s.rows}
    chosen.sort(key=lambda side: (side.begin, side.end))
    begin = container["entered_at"]
    lengths = [length(chain, sides, begin, one_at_a_time=in_turn) for chain in chains(sides, one_at_a_time=in_turn)]
    assert length(chosen, sides, begin, one_at_a_time=in_turn) == max(lengths)


@given(programs(), SEEDS, TROUBLE)
def test_the_parts_are_never_negative_and_make_up_the_duration(body: Body, seed: int, trouble: float) -> None:
    told = answers(simulated(body, seed, trouble=trouble).events)
    parts = parts_of(told.execution._asdict(), told.attempts)
    if told.execution.duration_ms is None:
        assert parts is None
    else:
        assert parts is not None
        assert min(parts) >= 0
        assert sum(parts) - parts.idle_ms == told.execution.duration_ms


@given(programs(), SEEDS, TROUBLE)
def test_the_column_says_the_same_as_one_execution_by_itself(body: Body, seed: int, trouble: float) -> None:
    runs = [simulated(body, seed + n, trouble=trouble).events for n in range(3)]
    machine = Machine(1, "arn:1", "orders", "STANDARD", "us-east-1", "111122223333")
    kept = [KEPT._replace(id=n, events=packed(known_events(run), str)) for n, run in enumerate(runs)]
    tables = fact_tables(Context([machine], []), Tariff(bundled_prices()), kept, {})
    rows, executions = tables["attempts"].to_pylist(), tables["executions"].to_pylist()
    for n, run in enumerate(runs):
        parts = parts_of(executions[n], [row for row in rows if row["execution_id"] == n])
        told = tuple(executions[n][f"critical_{name}_ms"] for name in PARTS)
        assert told == ((None,) * 5 if parts is None else parts[:5])
        own = [row for row in rows if row["execution_id"] == n]
        path = {row["event_id"] for row in critical_attempts(answers(run).attempts)}
        assert {row["event_id"] for row in own if row["is_critical"]} == path
        holding = {row["parent_id"] for row in own} - {None}
        assert {row["event_id"] for row in own if row["holds_states"]} == holding


@given(programs(), SEEDS, st.randoms(use_true_random=False))
def test_the_order_of_siblings_in_a_history_changes_no_path(body: Body, seed: int, random: Random) -> None:
    run = simulated(body, seed, trouble=0.05, redrives=0)
    events, old_ids = permuted(run, random)
    first, second = (answers(history, run.definition) for history in (run.events, events))
    on_path = {row["event_id"] for row in critical_attempts(first.attempts)}
    assert {old_ids[row["event_id"]] for row in critical_attempts(second.attempts)} == on_path
    assert first.execution.variant == second.execution.variant


PARALLEL = """
    1<-0 ExecutionStarted @0
    2<-0 ParallelStateEntered Both @0
    3<-2 ParallelStateStarted @0
    4<-3 TaskStateEntered Slow @10
    5<-4 TaskScheduled lambda:invoke @20
    6<-3 TaskStateEntered Quick @10
    7<-6 TaskScheduled lambda:invoke @20
    8<-7 TaskStarted @30
    9<-8 TaskSucceeded @100
    10<-9 TaskStateExited Quick @100
    11<-5 TaskStarted @50
    12<-11 TaskSucceeded @500
    13<-12 TaskStateExited Slow @510
    14<-13 ParallelStateSucceeded @520
    15<-13 ParallelStateExited Both @520
    16<-15 WaitStateEntered Pause @520
    17<-16 WaitStateExited Pause @800
    18<-17 ExecutionSucceeded @800
"""


def test_only_the_branch_that_ended_last_counts() -> None:
    told = answers(recorded(PARALLEL))
    assert [row["state"] for row in critical_attempts(told.attempts)] == ["Both", "Slow", "Pause"]
    # 20 → 50 queued, 50 → 500 run, 520 → 800 waited; 0 → 20 and 500 → 520 lie between events.
    parts = parts_of(told.execution._asdict(), told.attempts)
    assert parts is not None
    assert parts._asdict() == {
        "queue_ms": 30,
        "run_ms": 450,
        "external_ms": 0,
        "wait_ms": 280,
        "backoff_ms": 0,
        "between_ms": 40,
        "idle_ms": 0,
    }


TWO_AT_A_TIME = """
    1<-0 ExecutionStarted @0
    2<-0 MapStateEntered Items @0
    3<-2 MapStateStarted @0
    4<-3 MapIterationStarted Items 0 @0
    5<-4 PassStateEntered Item @0
    6<-3 MapIterationStarted Items 1 @0
    7<-6 PassStateEntered Item @0
    8<-5 PassStateExited Item @100
    9<-8 MapIterationStarted Items 2 @100
    10<-9 PassStateEntered Item @100
    11<-7 PassStateExited Item @250
    12<-10 PassStateExited Item @300
    13<-12 MapStateSucceeded @300
    14<-12 MapStateExited Items @300
    15<-14 ExecutionSucceeded @300
"""


def test_an_iteration_that_made_room_for_the_last_one_is_on_the_path() -> None:
    path = critical_attempts(answers(recorded(TWO_AT_A_TIME)).attempts)
    assert [row["iteration"] for row in path] == [None, "0", "2"]


def test_the_branch_that_failed_decides_and_not_the_one_it_cut_short() -> None:
    told = answers(
        recorded(
            """
            1<-0 ExecutionStarted @0
            2<-0 ParallelStateEntered Both @0
            3<-2 ParallelStateStarted @0
            4<-3 TaskStateEntered Slow @0
            5<-4 TaskScheduled lambda:invoke @0
            6<-3 FailStateEntered Refuse @50
            7<-6 ParallelStateFailed @60
            8<-7 ExecutionFailed Refused @60
            """
        )
    )
    assert [row["state"] for row in critical_attempts(told.attempts)] == ["Both", "Refuse"]
