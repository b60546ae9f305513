from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from analyzer.facts import refresh
from analyzer.folding.run import Run
from analyzer.history import folded
from analyzer.prices import bundled_prices
from benchmarks.crowd import DAY_MS, END_MS, FIRST_DAY, Deck, Execution, days_of, interleaved
from benchmarks.exports import write_histories, write_records
from benchmarks.million import write_store
from benchmarks.templates import SHOPS, WEIGHTS, recordings, with_payload
from store.events import decoded_events
from store.facts import open_facts
from store.folder import Store, readable_store, writable_store

EXECUTIONS = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("million") / "store"
    write_store(made, EXECUTIONS, seed=1, days=4)
    with writable_store(made) as store:
        refresh(store, bundled_prices(), END_MS)
    return made


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    with readable_store(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def deck() -> Deck:
    return Deck(list(recordings(SHOPS[0])))


def as_ms(at: int) -> bytes:
    return b"%d" % at


def drawn(deck: Deck, count: int) -> list[Execution]:
    return list(deck.of_day(FIRST_DAY, count, seed=1))


def test_every_execution_is_folded_whole(folder: Path) -> None:
    with open_facts(folder) as facts:
        assert len(facts.executions.filter("completeness = 'complete'")) == EXECUTIONS
        assert 8 * EXECUTIONS < len(facts.attempts) < 14 * EXECUTIONS


def test_they_are_spread_over_all_days_and_most_machines(store: Store) -> None:
    days, machines = next(store.db.execute("SELECT count(DISTINCT day), count(DISTINCT machine_id) FROM executions"))
    assert days == 4
    assert len(WEIGHTS) <= machines <= len(WEIGHTS) * len(SHOPS)


def test_no_two_histories_are_the_same(store: Store) -> None:
    assert next(store.db.execute("SELECT count(DISTINCT events) FROM histories"))[0] == EXECUTIONS


def test_the_same_seed_gives_the_same_executions(deck: Deck) -> None:
    assert drawn(deck, 20) == drawn(deck, 20)
    assert drawn(deck, 20) != list(deck.of_day(FIRST_DAY, 20, seed=2))


def test_all_executions_are_given_a_day() -> None:
    assert sum(count for _, count in days_of(1_000)) == 1_000
    assert {list(days_of(1_000, days))[-1][0] for days in (1, 7, 90)} == {END_MS // DAY_MS - 1}


def outcomes(run: Run) -> list[tuple[str, str | None, int, str]]:
    return sorted((v.name, v.scope.iteration, len(v.tries), str(v.tries[-1].outcome)) for v in run.visits)


def run_of(execution: Execution) -> Run:
    return folded(decoded_events(b"[%b]" % b",".join(execution.events(as_ms))))


def test_another_interleaving_is_another_order_of_the_same_run(deck: Deck) -> None:
    dice, moved = Random(1), 0
    for execution in drawn(deck, 60):
        order = interleaved(execution.template, dice)
        recorded = execution._replace(order=range(len(order)))
        moved += order != sorted(order)
        assert outcomes(run_of(execution._replace(order=order))) == outcomes(run_of(recorded))
    assert moved


def test_histories_for_import_hold_so_many_events(tmp_path: Path) -> None:
    written = write_histories(tmp_path / "histories.jsonl", 2_000, payloads=False)
    lines = [json.loads(line) for line in (tmp_path / "histories.jsonl").read_text("utf-8").splitlines()]
    assert written.executions == len(lines)
    assert 2_000 <= written.events == sum(len(line["events"]) for line in lines) < 2_200
    assert all(datetime.fromisoformat(line["startDate"]) <= datetime.fromisoformat(line["stopDate"]) for line in lines)


def test_a_payload_is_json_within_json() -> None:
    event = {"id": 7, "type": "TaskStateExited", "stateExitedEventDetails": {"name": "주문 검증"}}
    details = with_payload(event)["stateExitedEventDetails"]
    assert details["name"] == "주문 검증"
    assert json.loads(details["output"])["orderId"] == "order-000007"


def test_log_records_come_by_time_and_mixed(tmp_path: Path) -> None:
    written = write_records(tmp_path / "records.jsonl", 3_000)
    records = [json.loads(line) for line in (tmp_path / "records.jsonl").read_text("utf-8").splitlines()]
    times = [int(record["event_timestamp"]) for record in records]
    assert len(records) == written.events >= 3_000
    assert times == sorted(times)
    assert len({record["execution_arn"] for record in records}) == written.executions
