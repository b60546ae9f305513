from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors import merging
from collectors.dumps import Told
from collectors.merging import Parts, merged
from collectors.reading import read_slice
from collectors.slices import Slice
from store.histories import unpacked
from store.imports import ImportedRow
from tests.collectors.kept import memory_store
from tests.collectors.runs import express, records


def part(name: str, *numbers: int) -> ImportedRow:
    """The part of an execution that holds these of its seven events."""
    lines = [json.dumps(record) for record in records(express(name)) if int(record["id"]) in numbers]
    data = "\n".join(lines).encode()
    (row,) = read_slice(Slice("log", "logs", "log", 0, is_lines=True, begin=0, end=0, data=data), Told()).parts
    return row


WHOLE = part("a", 1, 2, 3, 4, 5, 6, 7)


@given(st.lists(st.sets(st.integers(1, 7), min_size=1), min_size=1, max_size=5))
def test_parts_make_the_whole_whatever_they_share(parts: list[set[int]]) -> None:
    row = part("a", *parts[0])
    for numbers in parts[1:]:
        row = merged(row, part("a", *numbers).events)
    assert {event.id for event in unpacked(row.events)} == set.union(*parts)
    if set.union(*parts) == set(range(1, 8)):
        assert row == WHOLE


def test_a_part_is_held_until_the_rest_comes() -> None:
    parts = Parts(memory_store())
    assert parts.ready([part("a", 1, 2, 3), part("b", 1)]) == []
    assert parts.ready([part("a", 4, 5, 6, 7)]) == [WHOLE]
    assert [row.arn for row in parts.rest()] == [express("b")]
    assert parts.rest() == []


def test_what_is_held_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "MOST_HELD", 2)
    parts = Parts(memory_store())
    assert len(parts.ready([part("a", 1), part("b", 1), part("c", 1)])) == 3
    assert parts.rest() == []
