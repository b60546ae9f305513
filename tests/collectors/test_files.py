"""Imports: from files of every kind into the store, the bad told and the good kept."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.definition import parse_definition
from collectors import files, slices, workers
from collectors.dumps import Told
from collectors.files import ImportResult, import_paths
from store.folder import Store
from store.passes import coverage_of, passes
from tests.collectors.kept import collected, everything, memory_store, rows, what_is_known
from tests.collectors.runs import express, history, line, records
from tests.collectors.world import World

NOW = 1_767_312_000_000
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


class Quiet:
    """An import's progress, noted."""

    def __init__(self) -> None:
        self.told: list[tuple[str, int, int]] = []

    def read(self, file: str, executions: int, events: int) -> None:
        self.told.append((file, executions, events))


@pytest.fixture
def store() -> Store:
    return memory_store()


Write = Callable[[str, str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file below `dumps/`, makes its folder, and gives its path."""

    def written(name: str, content: str | bytes) -> str:
        path = tmp_path / "dumps" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return written


def imported(store: Store, *paths: str, told: Told | None = None, workers: int = 2) -> ImportResult:
    return import_paths(store, paths, told or Told(), parse_definition, lambda: NOW, Quiet(), workers)


def as_log(*arns: str) -> str:
    return "\n".join(json.dumps(record) for arn in arns for record in records(arn))


def test_a_dump_of_the_cli_is_named_by_its_file(store: Store, write: Write) -> None:
    result = imported(store, write("charge-1.json", json.dumps({"events": history()})))
    assert (result.outcome, result.files, result.executions, result.events) == ("complete", 1, 1, 7)
    assert result.sentence == "1 file: 1 execution with 7 events"
    ((arn, known),) = what_is_known(store).items()
    assert arn == "file:dumps:charge-1"
    assert (known["status"], known["stopped_at"] - known["started_at"], len(known["events"])) == ("SUCCEEDED", 600, 7)
    (machine,) = rows(store, "machines")
    assert (machine["name"], machine["type"], machine["region"], machine["source"]) == (
        "dumps",
        "STANDARD",
        None,
        "import",
    )


def test_a_folder_of_everything(store: Store, write: Write, tmp_path: Path) -> None:
    write("a/run-1.json", json.dumps({"events": history()}))
    write("b/orders.jsonl", line("x") + "\n" + line("y"))
    write("c/logs/000000.gz", gzip.compress(as_log(express("e1")).encode()))
    write("c/aws-logs-write-test", "Permission Check Successful")
    result = imported(store, str(tmp_path))
    assert (result.outcome, result.files, result.executions) == ("complete", 3, 4)
    assert set(what_is_known(store)) == {"file:a:run-1", "file:orders:x", "file:orders:y", express("e1")}
    assert {(row["name"], row["type"]) for row in rows(store, "machines")} == {
        ("a", "STANDARD"),
        ("orders", "STANDARD"),
        ("checkout", "EXPRESS"),
    }


def test_the_user_may_tell_machine_type_and_definition(store: Store, write: Write) -> None:
    definition = json.dumps({"StartAt": "결제", "States": {"결제": {"Type": "Succeed"}}})
    imported(store, write("x.jsonl", line("a")), told=Told("주문", "EXPRESS", definition))
    assert list(what_is_known(store)) == ["file:주문:a"]
    assert [row["type"] for row in rows(store, "machines")] == ["EXPRESS"]
    assert [(row["definition"], row["problem"]) for row in rows(store, "revisions")] == [(definition, None)]
    assert [row["revision_id"] for row in rows(store, "executions")] == [1]


def test_an_invalid_definition_is_kept_and_told_and_the_history_counts(store: Store, write: Write) -> None:
    path = write("x.jsonl", line("a", definition={"StartAt": "nowhere"}) + "\n" + line("b", definition="{"))
    result = imported(store, path)
    assert (result.outcome, result.executions, result.skipped) == ("partial", 2, 2)
    assert [problem.line for problem in result.problems] == [1, 2]
    assert all("its history counts" in problem.reason for problem in result.problems)
    assert all(row["problem"] for row in rows(store, "revisions"))


def test_what_is_bad_is_told_with_file_and_line(store: Store, write: Write) -> None:
    orders = write("orders.jsonl", "\n".join([line("a"), "{oops", line("b")]))
    nothing = write("nothing.json", "")
    result = imported(store, orders, nothing, "nowhere.json")
    assert (result.outcome, result.executions, result.skipped, result.files) == ("partial", 2, 3, 3)
    assert [(problem.file, problem.line) for problem in result.problems] == [
        (orders, 2),
        (nothing, 0),
        ("nowhere.json", 0),
    ]
    assert str(result.problems[0]).startswith(f"{orders}:2: it is not JSON")
    assert str(result.problems[2]).startswith("nowhere.json: it cannot be read to its end")
    assert passes(store.db)[0].outcome == "partial"


def test_nothing_of_use_is_a_failure(store: Store, write: Write) -> None:
    result = imported(store, write("policy.json", '{"Version": "2012-10-17"}'))
    assert (result.outcome, result.executions) == ("failed", 0)


def test_a_damaged_archive_gives_what_it_holds(store: Store, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "HEAD_BYTES", 200)
    monkeypatch.setattr(slices, "SLICE_BYTES", 5_000)
    content = "\n".join(line(f"run-{number}", note="x" * (number % 97)) for number in range(500)).encode()
    result = imported(store, write("x.jsonl.gz", gzip.compress(content)[:-300]))
    assert result.outcome == "partial"
    assert 0 < result.executions < 500
    assert result.problems[-1].line == 0


@given(st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_logs_spread_over_files_and_imports_come_together(tmp_path: Path, data: st.DataObject) -> None:
    arns = [express(name) for name in "abc"]
    lines = data.draw(st.permutations([json.dumps(record) for arn in arns for record in records(arn)]))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(lines)), min_size=2, max_size=4)))
    kept, whole = memory_store(), memory_store()
    for number, (begin, end) in enumerate(zip([0, *cuts], [*cuts, len(lines)], strict=True)):
        path = tmp_path / f"{number}.log"
        path.write_text("\n".join(lines[begin:end]) + "\n")
        if end > begin:
            imported(kept, str(path))
    (tmp_path / "all.log").write_text("\n".join(lines))
    imported(whole, str(tmp_path / "all.log"))
    assert what_is_known(kept) == what_is_known(whole)
    assert [row["status"] for row in what_is_known(kept).values()] == ["SUCCEEDED"] * 3


def test_the_dump_that_reaches_further_wins(store: Store, write: Write) -> None:
    short, long = json.dumps({"events": history()[:4]}), json.dumps({"events": history()})
    for content in (short, long, short):
        imported(store, write("run.json", content))
    (known,) = what_is_known(store).values()
    assert (known["status"], len(known["events"])) == ("SUCCEEDED", 7)


def test_importing_again_changes_nothing_but_a_definition_may_follow(store: Store, write: Write) -> None:
    path = write("x.jsonl", line("a") + "\n" + line("b"))
    imported(store, path)
    before = everything(store)
    imported(store, path)
    assert everything(store) == before
    imported(store, path, told=Told(definition='{"StartAt": "a", "States": {"a": {"Type": "Succeed"}}}'))
    assert [row["revision_id"] for row in rows(store, "executions")] == [1, 1]


def test_a_name_that_comes_twice_in_a_file_is_one_execution(store: Store, write: Write) -> None:
    imported(store, write("x.jsonl", line("a", events=history()[:3]) + "\n" + line("a") + "\n" + line("b")))
    assert {name: len(row["events"]) for name, row in what_is_known(store).items()} == {
        "file:x:a": 7,
        "file:x:b": 7,
    }


def test_a_dump_spares_the_collector_a_history_and_never_hides_one(store: Store, write: Write) -> None:
    world = World()
    machine = world.machine()
    first, second = world.finished(machine, 2)
    lines = [
        json.dumps({"executionArn": arn, "events": world.runs[arn].events()[:cut]}, default=lambda at: at.isoformat())
        for arn, cut in ((first, 3), (second, 2))
    ]
    imported(store, write("x.jsonl", "\n".join(lines)))
    collected(store, world)
    asked = [parameters["executionArn"] for operation, parameters in world.asked if operation == "GetExecutionHistory"]
    assert asked == [second]
    assert [row["source"] for row in rows(store, "executions")] == ["api", "api"]
    assert [row["source"] for row in rows(store, "machines")] == ["api"]
    before = everything(store)
    imported(store, write("x.jsonl", "\n".join(lines)))
    assert everything(store) == before


@pytest.mark.parametrize("processes", [1, 2])
def test_the_lines_of_a_long_file_are_counted_through(
    store: Store, write: Write, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setattr(slices, "HEAD_BYTES", 200)
    monkeypatch.setattr(slices, "SLICE_BYTES", 3_000)
    monkeypatch.setattr(workers, "SLICE_BYTES", 3_000)
    lines = [line(f"run-{number}") if number % 10 else "{oops" for number in range(1, 101)]
    path = write("x.jsonl", "\n".join(lines) + "\n")
    progress = Quiet()
    result = import_paths(store, [path], Told(), parse_definition, lambda: NOW, progress, processes)
    assert (result.executions, result.skipped) == (90, 10)
    assert [problem.line for problem in result.problems] == list(range(10, 101, 10))
    assert progress.told[-1] == (path, 90, 630)
    assert len(progress.told) > 5


def test_an_interrupted_import_keeps_what_it_had(store: Store, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(files._Import, "save_rest", interrupted)
    result = imported(store, write("x.jsonl", line("a") + "\n" + line("b")))
    assert (result.outcome, result.executions) == ("interrupted", 2)
    assert passes(store.db)[0].outcome == "interrupted"


def test_an_import_is_a_pass_with_its_coverage(store: Store, write: Write) -> None:
    result = imported(store, write("x.jsonl", line("a") + "\n" + line("b")))
    (row,) = coverage_of(store.db, result.pass_id)
    assert (row.source, row.machine_id, row.listed, row.saved, row.outcome) == ("import", 1, 2, 2, "complete")
    assert (passes(store.db)[0].kind, passes(store.db)[0].sentence) == ("import", result.sentence)


def test_payloads_and_secrets_are_not_kept(store: Store, write: Write) -> None:
    events = history(end="ExecutionFailed", cause="login failed for password=hunter2")
    imported(store, write("x.jsonl", line("a", events=events)))
    (known,) = what_is_known(store).values()
    assert "4111" not in str(known["events"])
    assert known["events"][-1].d.cause == "login failed for password=[secret]"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this checkout")
@pytest.mark.parametrize("name", ["histories.jsonl.gz", "log_records.jsonl.gz", "definitions.jsonl.gz", "README.md"])
def test_recordings_of_others_are_kept_or_refused_with_a_reason(store: Store, name: str) -> None:
    result = imported(store, str(CORPUS / name))
    lines = gzip.decompress((CORPUS / name).read_bytes()).count(b"\n") if name.endswith(".gz") else 0
    assert result.executions == (lines if name.startswith("histories") else 0)
    assert all(problem.reason for problem in result.problems)
