"""The fold against recordings that this project did not write, where they lie beside the checkout."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from analyzer.definition import Definition, parse_definition
from analyzer.folding.run import Run
from analyzer.folding.visits import enclosing
from analyzer.verdict import settle_failures
from store.errors import DefinitionError, HistoryUnreadableError
from store.log_events import logged
from tests.analyzer.histories import answers, run_of
from tests.source import ROOT

CORPUS = ROOT.parent / "shared" / "corpus"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the recordings are not beside the checkout")

WITH_ATTEMPTS = ("Task", "Map", "Parallel")


def lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    content = path.read_bytes()
    return [json.loads(line) for line in (gzip.decompress(content) if path.suffix == ".gz" else content).splitlines()]


@cache
def histories() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in lines(CORPUS / "histories.jsonl.gz")}


LABELS = {row["id"]: row for row in lines(CORPUS / "labels.jsonl")}
FULL = [label for label in LABELS if LABELS[label]["completeness"].startswith("full")]


def definition_of(row: dict[str, Any]) -> Definition | None:
    try:
        return parse_definition(row["definition"]) if row["definition"] else None
    except DefinitionError:
        return None


def told(run: Run) -> dict[str, Any]:
    """What a label says of an execution, from its folded history."""
    settle_failures(run)
    worked = [visit for visit in run.visits if visit.type in WITH_ATTEMPTS]
    attempts: Counter[str] = Counter()
    for visit in worked:
        attempts[visit.name] += len(visit.tries)
    return {
        "state_entries": run.entries,
        "state_exits": sum(visit.exited_at is not None for visit in run.visits),
        "retries": sum(len(visit.tries) - 1 for visit in run.visits),
        "attempts_by_state": attempts,
        "entries_by_state": Counter(visit.name for visit in run.visits),
        "final_status": run.status,
        "failed_state": run.terminal.name if run.terminal else None,
        "failed_state_outer": list(enclosing(run.terminal))[-1].name if run.terminal else None,
        "error": run.error,
        "caught": [[visit.name, visit.tries[-1].error] for visit in run.visits if visit.caught],
        "events": run.event_count,
        "redrives": run.redrive,
    }


@pytest.mark.parametrize("label", FULL)
def test_every_full_recording_is_told_as_labelled(label: str) -> None:
    row = histories()[label]
    run = run_of(row["events"], definition_of(row))
    got = told(run)
    assert got == {name: LABELS[label][name] for name in got}
    assert run.iterations == LABELS[label]["map_iterations"]["started"]
    assert run.completeness == "complete"


@pytest.mark.parametrize("label", [label for label in LABELS if label not in FULL])
def test_a_partial_recording_is_marked(label: str) -> None:
    run = run_of(histories()[label]["events"])
    assert run.completeness in ("gap", "cut", "complete")
    is_whole = LABELS[label]["completeness"] == "reverse order, full"
    assert (run.completeness == "complete") == is_whole
    assert run.entries == LABELS[label]["state_entries"]


def test_every_recording_is_read_without_a_crash_and_all_its_events_are_known() -> None:
    for row in histories().values():
        run = run_of(row["events"], definition_of(row))
        assert run.unknown_events == 0
        assert (run.completeness == "masked") == (row["completeness"] == "scrambled")
        assert run.entries == sum(event["type"].endswith("StateEntered") for event in row["events"])
        assert answers(row["events"]).execution.events == len(row["events"])


def test_log_records_are_the_same_events() -> None:
    records = [row["parsed"] for row in lines(CORPUS / "log_records.jsonl.gz")]
    for number, record in enumerate(records, 1):
        arn, event = logged(json.dumps({**record, "event_timestamp": str(1_700_000_000_000 + number)}))
        assert (arn, event.id, event.type) == (record["execution_arn"], int(record["id"]), record["type"])
        assert event.at == 1_700_000_000_000 + number


def test_a_masked_time_of_a_log_record_is_refused_with_a_sentence() -> None:
    [record, *_] = [row["parsed"] for row in lines(CORPUS / "log_records.jsonl.gz")]
    with pytest.raises(HistoryUnreadableError, match="is not a time"):
        logged(json.dumps(record))
