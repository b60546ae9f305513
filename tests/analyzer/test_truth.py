"""The fold against simulated executions of which the truth is known, and what must hold of any history at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.charges import Tariff
from analyzer.context import Context
from analyzer.prices import bundled_prices
from analyzer.rows import AttemptRow
from analyzer.tables import fact_tables
from store.events import known_events
from store.histories import packed
from store.machines import Machine
from tests.analyzer.histories import KEPT, Answers, Event, answers
from tests.analyzer.simulator import Body, Recording, programs, simulated
from tests.analyzer.simulator.answers import attempt_rows, execution_row
from tests.analyzer.simulator.permuted import permuted

# As many examples as the profile says, for what is quick; fewer of what folds a history many times.
MANY = settings(max_examples=3 * settings().max_examples)
FEW = settings(max_examples=settings().max_examples // 2)

SEEDS = st.integers(0, 2**32)
TROUBLE = st.sampled_from([0.1, 0.3, 0.6])

SPELLINGS: dict[str, Callable[[int], int | float | str]] = {
    "ms": int,
    "text": str,
    "seconds": lambda ms: ms / 1000,
    "iso": lambda ms: datetime.fromtimestamp(ms / 1000, UTC).isoformat(),
}


@MANY
@given(programs(), SEEDS, TROUBLE, st.booleans())
def test_the_fold_tells_what_happened(body: Body, seed: int, trouble: float, knows_definition: bool) -> None:
    is_told_truly(simulated(body, seed, trouble=trouble), knows_definition=knows_definition)


def is_told_truly(run: Recording, *, knows_definition: bool) -> None:
    definition = run.definition if knows_definition else None
    told = answers(run.events, definition)
    assert told.attempts == attempt_rows(run.truth, definition)
    truth = execution_row(run.truth, len(run.events))
    assert {name: getattr(told.execution, name) for name in truth} == truth


@MANY
@given(programs(2), SEEDS)
def test_the_fold_tells_what_happened_after_redrive_upon_redrive(body: Body, seed: int) -> None:
    is_told_truly(simulated(body, seed, trouble=0.5, redrives=5, redrive_chance=1), knows_definition=False)


@FEW
@given(programs(), SEEDS, st.randoms(use_true_random=False), st.sampled_from(sorted(SPELLINGS)))
def test_order_doubles_and_spelling_of_a_dump_do_not_matter(body: Body, seed: int, random: Random, how: str) -> None:
    events = simulated(body, seed).events
    shuffled = [*events, *random.sample(events, len(events) // 3)]
    random.shuffle(shuffled)
    assert answers(spelt(shuffled, how)) == answers(events)
    assert answers(events[::-1]) == answers(events)


def spelt(events: Sequence[Event], how: str) -> list[Event]:
    """The same events with another of AWS's spellings of a time."""
    return [{**event, "timestamp": SPELLINGS[how](event["timestamp"])} for event in events]


@FEW
@given(programs(), SEEDS, TROUBLE, st.integers(0, 400))
def test_attempts_entries_and_transitions_reconcile(body: Body, seed: int, trouble: float, length: int) -> None:
    events = simulated(body, seed, trouble=trouble).events[:length]
    told = answers(events)
    count = Counter(event["type"] for event in events)
    execution, tries = told.execution, [row for row in told.attempts if row["state_type"]]
    assert execution.attempts == len(tries)
    assert execution.transitions == sum(row["transitions"] for row in told.attempts) == len(tries) + execution.redrives
    assert execution.retries == sum(row["attempt"] > 1 for row in tries)
    assert execution.state_entries == sum(n for name, n in count.items() if name.endswith("StateEntered"))
    assert len({row["event_id"] for row in told.attempts}) == len(told.attempts)
    for visit_id, numbers in by_visit(tries).items():
        assert numbers == list(range(1, len(numbers) + 1)), visit_id


def by_visit(rows: Sequence[Mapping[str, Any]]) -> dict[int, list[int]]:
    visits: dict[int, list[int]] = {}
    for row in rows:
        visits.setdefault(row["visit_id"], []).append(row["attempt"])
    return visits


@FEW
@given(programs(), SEEDS, TROUBLE)
def test_no_attempt_ends_before_it_began(body: Body, seed: int, trouble: float) -> None:
    for row in answers(simulated(body, seed, trouble=trouble).events).attempts:
        assert all(row[name] is None or row[name] >= 0 for name in ("queue_ms", "run_ms", "backoff_ms")), row


SETTLED_LATER = {"handled", "handled_by", "is_root", "is_terminal"}


@FEW
@given(programs(), SEEDS, TROUBLE, st.data())
def test_a_cut_history_tells_of_attempts_that_ended_what_the_whole_tells(
    body: Body, seed: int, trouble: float, data: st.DataObject
) -> None:
    events = simulated(body, seed, trouble=trouble, limit=120).events
    whole = {row["event_id"]: lasting(row) for row in answers(events).attempts}
    for length in data.draw(st.lists(st.integers(0, len(events)), max_size=8)):
        ended = [row for row in answers(events[:length]).attempts if row["outcome"] != "running"]
        assert [whole[row["event_id"]] for row in ended] == [lasting(row) for row in ended]


def lasting(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in SETTLED_LATER}


@FEW
@given(programs(), SEEDS, st.randoms(use_true_random=False))
def test_in_which_order_siblings_interleave_changes_no_answer(body: Body, seed: int, random: Random) -> None:
    run = simulated(body, seed, trouble=0.05, redrives=0)
    events, old_ids = permuted(run, random)
    told = placed(answers(events, run.definition), old_ids)
    assert told == placed(answers(run.events, run.definition), {event["id"]: event["id"] for event in run.events})


IDS = ("event_id", "visit_id", "parent_id", "after_id")
IN_EVENT_ORDER = {"visit", "is_root"}


def placed(told: Answers, old_ids: Mapping[int, int]) -> list[dict[str, Any]]:
    """The attempts with the ids they had before, without what is counted in the order of events."""
    rows = [
        {name: cell for name, cell in row.items() if name not in IN_EVENT_ORDER}
        | {name: old_ids.get(row[name]) for name in IDS}
        for row in told.attempts
    ]
    return sorted(rows, key=lambda row: row["event_id"])


@FEW
@given(programs(), SEEDS, TROUBLE)
def test_the_tables_filled_in_by_position_are_those_filled_in_by_time(body: Body, seed: int, trouble: float) -> None:
    run: Recording = simulated(body, seed, trouble=trouble)
    machine = Machine(1, "arn:1", "orders", "STANDARD", "us-east-1", "111122223333")
    kept = KEPT._replace(events=packed(known_events(run.events), str))
    tables = fact_tables(Context([machine], []), Tariff(bundled_prices()), [kept], {})
    rows = sorted(tables["attempts"].to_pylist(), key=lambda row: row["event_id"])
    told = answers(run.events)
    calls = ("resource", "target", "pattern")
    names = [name for name in AttemptRow._fields if name not in calls]
    assert [[row[name] for name in names] for row in rows] == [[row[name] for name in names] for row in told.attempts]
    [execution] = tables["executions"].to_pylist()
    assert {name: execution[name] for name in told.execution._fields} == told.execution._asdict()


@pytest.mark.parametrize("trouble", [0.0, 1.0])
def test_the_simulator_reaches_every_kind_of_event(trouble: float) -> None:
    """What the properties above rest on: histories with everything in them."""
    seen: set[str] = set()
    statuses: set[str | None] = set()

    @settings(max_examples=100)
    @given(programs(), SEEDS)
    def draw(body: Body, seed: int) -> None:
        run = simulated(body, seed, trouble=trouble / 2)
        seen.update(event["type"] for event in run.events)
        statuses.add(run.truth.status)

    draw()
    assert {"MapRunStarted", "ParallelStateStarted", "TaskSubmitted", "MapIterationSucceeded"} <= seen
    if trouble:
        assert {"EvaluationFailed", "ExecutionRedriven", "TaskStateAborted", "MapStateFailed", "TaskTimedOut"} <= seen
        assert {"SUCCEEDED", "FAILED"} <= statuses
