from __future__ import annotations

import json
from pathlib import Path

from tests.commands.running import done, ran, refusal


def test_two_executions_where_they_part_and_what_took_longer(imported: Path) -> None:
    text = done(ran("compare", "order-1", "order-2", "--store", imported))
    assert "Their ways part after Validate: the first ended, the second went to Charge." in text
    assert [line.split()[0] for line in text.splitlines()[4:6]] == ["state", "Charge"]


def test_as_json(imported: Path) -> None:
    told = json.loads(done(ran("compare", "order-1", "order-2", "--store", imported, "--json")))
    assert told["divergence"] == {"path": "", "after": "Validate", "first": None, "second": "Charge"}
    assert told["first"]["status"] == "SUCCEEDED"


def test_failed_executions_of_a_machine_with_successful_ones(imported: Path) -> None:
    text = done(ran("compare", "--machine", "orders", "--store", imported))
    assert text.startswith("succeeded → failed")
    assert "Order failed" in text


def test_before_and_after_a_moment(imported: Path) -> None:
    text = done(ran("compare", "--machine", "orders", "--cut", "2000-01-01", "--store", imported))
    assert "nothing on one of the two sides" in text


def test_one_execution_is_nothing_to_compare_with(imported: Path) -> None:
    assert "1 execution cannot be compared" in refusal(ran("compare", "order-1", "--store", imported), 2)
    both = ran("compare", "order-1", "--machine", "orders", "--store", imported)
    assert "Leave one of them out" in refusal(both, 2)
