from __future__ import annotations

import os
import shutil
import socket
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from commands import doctor
from commands.doctor import NOTE, OK, PROBLEM, Finding
from store.folder import writable_store
from store.heartbeat import COLLECTING, ENDED, Heartbeat
from store.passes import begun_pass, finish_pass
from tests.commands.running import NOW, done, ran, refusal
from tests.standin.handle import QuotaProxy, Standin
from tests.standin.test_standin import one_state


def found(text: str) -> dict[str, str]:
    """The state of each thing that was looked at; of two of a name the worse one."""
    lines = [line.split() for line in text.splitlines() if not line.startswith(" ")]
    return {words[1]: words[0] for words in sorted(lines, key=lambda words: words[0] == PROBLEM)}


@pytest.fixture
def endpoint(standin: Standin) -> tuple[str, ...]:
    return ("--region", "us-east-1", "--endpoint-url", standin.endpoint)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def test_where_all_is_well_every_line_says_so(imported: Path, endpoint: tuple[str, ...]) -> None:
    states = found(done(ran("doctor", "--store", imported, *endpoint, now=now_ms())))
    names = ["python", "packages", "settings", "disk", "store", "integrity", "facts", "clock", "aws"]
    assert states == {**dict.fromkeys(names, OK), "collector": NOTE, "aws": NOTE}


def test_no_store_yet_is_a_note_with_what_to_run(tmp_path: Path, endpoint: tuple[str, ...]) -> None:
    text = done(ran("doctor", "--store", tmp_path / "none", *endpoint, now=now_ms()))
    assert found(text)["store"] == NOTE
    assert "stepscope collect" in text
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_reached_is_a_problem_with_a_hint(imported: Path) -> None:
    result = ran("doctor", "--store", imported, "--region", "us-east-1", "--endpoint-url", "http://127.0.0.1:9")
    assert "1 problem found" in refusal(result, 1)
    assert found(result.stdout)["aws"] == PROBLEM
    assert "Check the network" in result.stdout


def test_without_a_region_it_says_how_to_give_one(imported: Path) -> None:
    result = ran("doctor", "--store", imported)
    refusal(result, 1)
    assert "Add --region" in result.stdout


def test_a_damaged_store_is_a_problem(tmp_path: Path, endpoint: tuple[str, ...]) -> None:
    (tmp_path / "store.db").write_text("a letter " * 1_000)
    result = ran("doctor", "--store", tmp_path, *endpoint, now=now_ms())
    refusal(result, 1)
    assert found(result.stdout)["store"] == PROBLEM


def test_rows_that_point_nowhere_are_a_problem(imported: Path, tmp_path: Path, endpoint: tuple[str, ...]) -> None:
    own = shutil.copytree(imported, tmp_path / "store")
    with writable_store(own) as store:
        store.db.execute("PRAGMA foreign_keys = OFF")
        store.db.execute("UPDATE executions SET machine_id = 77")
    result = ran("doctor", "--store", own, *endpoint, now=now_ms())
    refusal(result, 1)
    assert (found(result.stdout)["integrity"], found(result.stdout)["facts"]) == (PROBLEM, NOTE)


def test_a_clock_behind_the_last_pass_is_a_problem(tmp_path: Path, endpoint: tuple[str, ...]) -> None:
    with writable_store(tmp_path) as store:
        begun_pass(store.db, "collect", now_ms() + 3_600_000)
    result = ran("doctor", "--store", tmp_path, *endpoint, now=now_ms())
    refusal(result, 1)
    assert found(result.stdout)["clock"] == PROBLEM


DATED = {"ResponseMetadata": {"HTTPHeaders": {"date": "Sat, 03 Oct 2026 04:00:00 GMT"}}}


@pytest.mark.parametrize(
    ("apart", "state"), [(0, OK), (299_000, OK), (-299_000, OK), (301_000, PROBLEM), (-301_000, PROBLEM)]
)
def test_a_clock_far_from_that_of_aws_is_a_problem(apart: int, state: str) -> None:
    assert doctor.skew(DATED, NOW + apart).state == state


def test_an_answer_without_a_date_tells_nothing_of_the_clock() -> None:
    assert doctor.skew({}, NOW).state == NOTE


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commands.doctor.os.access", lambda *_: False)
    found_there = doctor.disk(tmp_path)
    assert (found_there.state, found_there.found) == (PROBLEM, f"{tmp_path} cannot be written by this user")


BEAT = Heartbeat(os.getpid(), "db-1", NOW - 60_000, NOW - 5_000, COLLECTING)


@pytest.mark.parametrize(
    ("beat", "state", "words"),
    [
        (None, NOTE, "none has been here"),
        (BEAT, OK, "on db-1 collects since 2026-10-03T03:59:00.000Z, is in a pass, and said so 5.00 s ago"),
        (BEAT._replace(renewed_at=NOW - 3_600_000), PROBLEM, "said so 1 h ago: it is gone"),
        (BEAT._replace(pid=2**22 + 1, host=socket.gethostname()), PROBLEM, "it is gone"),
        (BEAT._replace(state=ENDED), OK, "ended 5.00 s ago"),
    ],
)
def test_the_collector_lives_has_ended_or_is_gone(beat: Heartbeat | None, state: str, words: str) -> None:
    told = doctor.collector(beat, NOW)
    assert told.state == state
    assert words in told.found


@pytest.mark.parametrize(("throttled", "state"), [(3, OK), (4, PROBLEM)])
def test_a_pass_that_was_throttled_is_a_problem_of_quota(
    tmp_path: Path, throttled: int, state: str, endpoint: tuple[str, ...]
) -> None:
    with writable_store(tmp_path) as store:
        finish_pass(store.db, begun_pass(store.db, "collect", 1), 2, "complete", "", {"ListExecutions": 100}, throttled)
    text = ran("doctor", "--store", tmp_path, *endpoint, now=now_ms()).stdout
    assert found(text)["quota"] == state
    assert f"AWS throttled {throttled} of the 100 calls of the last pass" in text


def test_each_permission_that_is_missing_is_named_with_what_to_allow(
    imported: Path, proxy: QuotaProxy, standin: Standin
) -> None:
    standin.wait(standin.run(standin.create_machine("orders", one_state({"Type": "Pass"}))))
    standin.create_machine("dark", one_state({"Type": "Pass"}), type="EXPRESS")
    proxy.configure(faults=[{"fault": "denied", "op": ["GetExecutionHistory", "DescribeExecution"]}])
    options = ("--region", "us-east-1", "--endpoint-url", proxy.endpoint)
    result = ran("doctor", "--store", imported, *options, now=now_ms())
    assert "3 problems found" in refusal(result, 1)
    assert "Allow states:GetExecutionHistory; `stepscope policy` prints the whole policy." in result.stdout
    assert "Allow states:DescribeExecution;" in result.stdout
    assert "dark does not log: nothing can be known of its runs" in result.stdout


def test_settings_that_cannot_be_meant_are_misuse(tmp_path: Path) -> None:
    (tmp_path / "stepscope.toml").write_text("nope = 1")
    assert "nope: there is no such key" in refusal(ran("doctor", "--store", tmp_path), 2)


class Usage(NamedTuple):
    """What the system says of a disk."""

    total: int
    used: int
    free: int


def test_a_full_disk_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 9, 1))
    assert doctor.disk(tmp_path / "not" / "yet").state == PROBLEM


def test_a_missing_package_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "requires", lambda _: ["click", "no-such-package-at-all"])
    assert doctor.packages() == Finding(
        PROBLEM, "packages", "not installed: no-such-package-at-all", "Run `make setup`."
    )
