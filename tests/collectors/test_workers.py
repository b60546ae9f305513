from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from collectors import workers
from collectors.dumps import Told
from collectors.slices import Slice
from collectors.workers import read_all
from store.errors import FileUnreadableError
from tests.collectors.runs import line


def slices(count: int, lines: int = 3) -> Iterator[Slice]:
    for number in range(count):
        content = "\n".join(line(f"{number}-{n}") for n in range(lines)).encode()
        yield Slice("f", "folder", "f", number, is_lines=True, begin=0, end=0, data=content)


def names(count: int, processes: int) -> list[str]:
    batches = read_all(slices(count), Told(), processes)
    return [row.name for batch in batches for _, read in batch for row in read.rows]


@pytest.mark.parametrize("processes", [1, 2])
def test_everything_is_read_in_order(monkeypatch: pytest.MonkeyPatch, processes: int) -> None:
    monkeypatch.setattr(workers, "SLICE_BYTES", 1)
    assert names(20, processes) == [f"{number}-{n}" for number in range(20) for n in range(3)]


def test_the_callers_processes_are_used_and_left_to_him(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SLICE_BYTES", 1)
    with ThreadPoolExecutor(2) as pool:
        batches = read_all(slices(5), Told(), pool)
        assert sum(len(read.rows) for batch in batches for _, read in batch) == 15
        assert pool.submit(len, "abc").result() == 3


def test_little_is_read_by_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "ProcessPoolExecutor", None)
    assert len(names(200, 2)) == 600


def test_small_slices_travel_together() -> None:
    batches = list(read_all(slices(1_100, lines=1), Told(), 1))
    assert [len(batch) for batch in batches] == [500, 500, 100]
    assert all(piece.data is None for batch in batches for piece, _ in batch)


def test_a_process_that_dies_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "SLICE_BYTES", 1)
    monkeypatch.setattr(workers, "read_slice", lambda piece, told: os._exit(1))
    with pytest.raises(FileUnreadableError, match="died"):
        names(10, 2)
