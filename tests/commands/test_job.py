"""The job as it runs: processes of their own, told to end, killed, and in each other's way."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.errors import StepscopeError
from store.folder import readable_store
from store.heartbeat import ENDED, WAITING, Heartbeat, heartbeat
from store.passes import passes
from tests.commands.running import process
from tests.source import ROOT
from tests.standin.handle import QuotaProxy, Standin
from tests.standin.test_standin import one_state

PATIENCE_S = 30.0
Words = tuple[object, ...]


@pytest.fixture
def words(tmp_path: Path, standin: Standin, monkeypatch: pytest.MonkeyPatch) -> Words:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    return ("collect", "--store", tmp_path, "--region", "us-east-1", "--endpoint-url", standin.endpoint)


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a collector; what still runs at the end is ended."""
    started: list[subprocess.Popen[str]] = []

    def begin(*words: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from cli import main; main()", *map(str, words)]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True))
        return started[-1]

    yield begin
    for one in started:
        if one.poll() is None:
            one.kill()
        one.communicate()


def beat(folder: Path) -> Heartbeat | None:
    try:
        with readable_store(folder) as store:
            return heartbeat(store.db)
    except StepscopeError:
        return None


def listed(folder: Path) -> int:
    """How many executions the store knows."""
    try:
        with readable_store(folder) as store:
            return store.db.table("executions").count
    except StepscopeError:
        return 0


def waited_for(is_so: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def waits(folder: Path) -> bool:
    found = beat(folder)
    return found is not None and found.state == WAITING


def test_a_second_collector_gives_way_and_a_told_one_ends_well(
    words: Words, begun: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    first = begun(*words, "--every", "1h", "--log-format", "json")
    assert waited_for(lambda: waits(tmp_path))
    second = process(*words)
    assert (second.returncode, second.stdout) == (0, "")
    assert f"another collector has this store: process {first.pid} on " in second.stderr
    first.send_signal(signal.SIGTERM)
    said, _ = first.communicate(timeout=PATIENCE_S)
    assert first.returncode == 0
    assert [json.loads(line)["event"] for line in said.splitlines()] == ["quota", "pass"]
    found = beat(tmp_path)
    assert found is not None
    assert found.state == ENDED


@pytest.mark.soak
def test_a_killed_collector_is_taken_over_at_once(
    words: Words, begun: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    first = begun(*words, "--every", "1h")
    assert waited_for(lambda: waits(tmp_path))
    first.kill()
    first.communicate()
    assert process(*words).returncode == 0
    found = beat(tmp_path)
    assert found is not None
    assert (found.pid != first.pid, found.state) == (True, ENDED)
    with readable_store(tmp_path) as store:
        assert [one.outcome for one in passes(store.db)] == ["complete", "complete"]


def test_sigterm_in_the_middle_of_a_pass_keeps_what_was_read(
    words: Words, begun: Callable[..., subprocess.Popen[str]], tmp_path: Path, standin: Standin, proxy: QuotaProxy
) -> None:
    machine = standin.create_machine("orders", one_state({"Type": "Pass"}))
    standin.wait([standin.run(machine, name=f"e{number}") for number in range(3)])
    proxy.configure(faults=[{"fault": "slow", "seconds": 4, "op": "GetExecutionHistory"}])
    slowly = (*words[:-1], proxy.endpoint)
    told = begun(*slowly)
    assert waited_for(lambda: listed(tmp_path) == 3)
    told.send_signal(signal.SIGTERM)
    _, said = told.communicate(timeout=PATIENCE_S)
    assert told.returncode == 143
    assert "told to end in the middle of a pass" in said
    with readable_store(tmp_path) as store:
        assert passes(store.db)[0].outcome == "interrupted"
        assert store.db.execute("SELECT count(*) FROM executions").fetchone() == (3,)
    proxy.configure(faults=[])
    assert "3 executions listed" in process(*slowly).stdout


@pytest.mark.skipif(os.name != "posix", reason="limits are set by POSIX")
def test_a_disk_that_is_full_is_a_sentence_and_loses_nothing(words: Words, tmp_path: Path, standin: Standin) -> None:
    machine = standin.create_machine("orders", one_state({"Type": "Pass"}))
    standin.wait([standin.run(machine, name=f"e{number}") for number in range(3)])
    blocks = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)); "
    command = [sys.executable, "-c", f"{blocks}from cli import main; main()", *map(str, words)]
    full = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=60)
    assert full.returncode == 1
    assert "cannot be written" in full.stderr
    assert "Traceback" not in full.stderr
    again = process(*words)
    assert again.returncode == 0
    assert "3 histories saved" in again.stdout
