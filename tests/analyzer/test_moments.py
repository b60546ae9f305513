from __future__ import annotations

import numpy as np

from analyzer.moments import TIMES, Moments, Spread, time_columns

# Two templates, of no and of two attempts; three executions, the last two of the second template.
SPREAD = Spread.of([0, 2], [0, 1, 1], [[], [100, 110, 120, 150], [1_000, 1_100, 1_200, 1_500]])
NONE = np.full(4, -1)


def test_each_row_takes_its_cells_from_its_template_its_execution_and_its_times() -> None:
    assert SPREAD.row.tolist() == [0, 1, 0, 1]
    assert SPREAD.execution.tolist() == [1, 1, 2, 2]
    assert SPREAD.first_time.tolist() == [0, 0, 4, 4]


def test_positions_become_the_times_of_each_execution() -> None:
    assert Moments.at(np.array([0, -1, 0, 3]), SPREAD).column().to_pylist() == [100, None, 1_000, 1_500]


def columns(**positions: list[int]) -> dict[str, list[int | None]]:
    """The timed columns of a first try and its retry, in both executions."""
    numbers = dict.fromkeys((*TIMES, "backoff_ms", "attempt"), NONE) | {
        name: np.array(both * 2) for name, both in positions.items()
    }
    return {name: column.to_pylist() for name, column in time_columns(numbers, SPREAD).items()}


def test_queue_run_and_backoff_follow_from_the_times() -> None:
    timed = columns(
        attempt=[1, 2], entered_at=[0, 0], scheduled_at=[0, 2], started_at=[1, 2], ended_at=[1, 3], backoff_ms=[-1, 1]
    )
    assert timed["queue_ms"] == [10, 0, 100, 0]
    assert timed["run_ms"] == [0, 30, 0, 300]
    assert timed["backoff_ms"] == [None, 10, None, 100]


def test_a_state_without_work_runs_from_its_entry_and_never_queues() -> None:
    timed = columns(attempt=[1, 1], entered_at=[0, 1], ended_at=[1, 3])
    assert timed["run_ms"] == [10, 40, 100, 400]
    assert timed["queue_ms"] == [None] * 4


def test_a_try_that_never_started_was_all_queue() -> None:
    timed = columns(attempt=[1, 1], entered_at=[0, 0], scheduled_at=[0, 1], ended_at=[2, 3])
    assert timed["queue_ms"] == [20, 40, 200, 400]
    assert timed["run_ms"] == [None] * 4


def test_a_try_that_goes_on_has_neither_an_end_nor_a_duration() -> None:
    timed = columns(attempt=[1, 1], entered_at=[0, 0], scheduled_at=[0, 0], started_at=[1, 1])
    assert timed["ended_at"] == timed["run_ms"] == [None] * 4
    assert timed["queue_ms"] == [10, 10, 100, 100]
