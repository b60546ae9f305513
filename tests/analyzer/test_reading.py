from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.facts import refresh
from analyzer.prices import PriceBook, bundled_prices
from analyzer.reading import facts_within, newest_definitions
from analyzer.registry import MachineKey, analysis_named
from analyzer.window import Window
from store.executions import ExecutionRow, save_executions
from store.folder import Store, writable_store
from store.machines import MachineRow, RevisionRow, machine_saved, revision_saved

OCTOBER, DAY = 1_790_812_800_000, 86_400_000
SOUND = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Comment": "%s", "End": true}}}'
ORDERS = MachineRow("arn:orders", "orders", "STANDARD", "us-east-1", "111122223333")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A store with an execution on each of three days, folded."""
    with writable_store(tmp_path) as store:
        machine = machine_saved(store.db, ORDERS, OCTOBER)
        days = (ExecutionRow(machine, f"arn:{day}", f"{day}", "RUNNING", OCTOBER + day * DAY, None) for day in range(3))
        save_executions(store.db, days)
        refresh(store, bundled_prices(), OCTOBER)
    return tmp_path


def executions(folder: Path, window: Window) -> list[str]:
    with facts_within(folder, window, {}, PriceBook([]), OCTOBER) as facts:
        return sorted(analysis_named("executions").run(facts)["execution_arn"])


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(), ["arn:0", "arn:1", "arn:2"]),
        (Window(since_ms=OCTOBER + 1), ["arn:1", "arn:2"]),
        (Window(until_ms=OCTOBER + DAY), ["arn:0"]),
        (Window(machines=["else"]), []),
    ],
)
def test_facts_are_those_of_the_window(folder: Path, window: Window, expected: list[str]) -> None:
    assert executions(folder, window) == expected


def test_a_store_that_was_never_folded_has_empty_tables(tmp_path: Path) -> None:
    with writable_store(tmp_path):
        pass
    assert executions(tmp_path, Window()) == []


def test_ctrl_c_stays_what_it_is(folder: Path) -> None:
    def broken(words: str) -> None:
        with facts_within(folder, Window(), {}, PriceBook([]), OCTOBER):
            raise RuntimeError(words)

    with pytest.raises(KeyboardInterrupt):
        broken("Query interrupted")
    with pytest.raises(RuntimeError, match="else"):
        broken("something else")


def with_revisions(store: Store, *definitions: str | None) -> None:
    machine = machine_saved(store.db, ORDERS, OCTOBER)
    for number, definition in enumerate(definitions):
        revision_saved(store.db, RevisionRow(machine, f"r{number}", definition, OCTOBER + number), OCTOBER)


def test_the_definition_is_the_newest_one(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        with_revisions(store, SOUND % "old", '{"StartAt": "B", "States": {"B": {"Type": "Succeed"}}}')
    [(key, definition)] = newest_definitions(tmp_path).items()
    assert key == MachineKey("111122223333", "us-east-1", "orders")
    assert list(definition.states) == ["B"]


@pytest.mark.parametrize("newest", ["not ASL", None])
def test_a_definition_that_cannot_be_parsed_is_left_out(tmp_path: Path, newest: str | None) -> None:
    with writable_store(tmp_path) as store:
        with_revisions(store, SOUND % "old", newest)
    assert newest_definitions(tmp_path) == {}
