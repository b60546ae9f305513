from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from commands.sample import KIND
from store.folder import readable_store, writable_store
from store.heartbeat import COLLECTING, ENDED, WAITING, Heartbeat, heartbeat, take
from store.passes import begun_pass, passes
from tests.commands.running import done, ran, refusal
from tests.standin.handle import Standin
from tests.standin.test_standin import one_state, task

ENDLESS_PORT = "http://127.0.0.1:9"


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def pass_kinds(folder: Path) -> list[tuple[str, str | None]]:
    with readable_store(folder) as store:
        return [(one.kind, one.outcome) for one in passes(store.db)]


@pytest.fixture
def runs(standin: Standin) -> list[str]:
    """Names of an execution that succeeds after a retry and of one that fails."""
    retry = [{"ErrorEquals": ["Stock"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    ends_well = standin.create_machine(
        "order", one_state(task(standin.lambda_("a", fail_first=1, error="Stock"), Retry=retry))
    )
    ends_badly = standin.create_machine("refund", one_state(task(standin.lambda_("b", fail_rate=1, error="Broken"))))
    standin.wait([standin.run(ends_well, name="well"), standin.run(ends_badly, name="badly")])
    return ["well", "badly"]


def test_a_pass_fetches_says_what_and_folds(standin: Standin, runs: Sequence[str], tmp_path: Path) -> None:
    options = ("--store", tmp_path, "--region", "us-east-1", "--endpoint-url", standin.endpoint)
    first = ran("collect", *options, now=now_ms())
    assert [line for line in done(first).splitlines() if " pass 1 complete in " not in line] == [
        "2 machines: 2 executions listed, 2 histories saved",
        "folded 1 day: 2 executions and 3 attempts",
    ]
    assert "us-east-1: 360 histories at once, then 19.0 a second" in first.stderr
    assert "✗ failed, retried" in done(ran("show", "well", "--store", tmp_path))
    again = ran("collect", *options, now=now_ms())
    assert "0 histories saved" in done(again)
    assert "folded" not in again.stdout


def test_only_the_machines_asked_for_are_fetched(standin: Standin, runs: Sequence[str], tmp_path: Path) -> None:
    options = ("--store", tmp_path, "--region", "us-east-1", "--endpoint-url", standin.endpoint, "--machine", "ref*")
    assert "1 machine: 1 execution listed" in done(ran("collect", *options, now=now_ms()))


def test_the_share_and_raised_quotas_are_what_it_allows_itself(standin: Standin, tmp_path: Path) -> None:
    options = ("--store", tmp_path, "--region", "us-east-1", "--endpoint-url", standin.endpoint)
    result = ran("collect", *options, "--quota-share", 0.25, "--quota", "GetExecutionHistory=5000/500", now=now_ms())
    assert "us-east-1: 1,250 histories at once, then 125.0 a second (share 0.25 of the quota)" in result.stderr


def test_what_cannot_be_reached_is_a_sentence_and_recorded(tmp_path: Path) -> None:
    result = ran("collect", "--store", tmp_path, "--region", "us-east-1", "--endpoint-url", ENDLESS_PORT)
    said = refusal(result, 1)
    assert "missed: us-east-1 did not answer ListStateMachines" in said
    assert "nothing could be collected: 1 problem named above" in said
    assert pass_kinds(tmp_path) == [("collect", "failed")]


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--region", "us-east-1", "--since", "soon"),
        ("--region", "us-east-1", "--every", "0m"),
        ("--region", "us-east-1", "--quota-share", "0"),
        ("--region", "us-east-1", "--quota-share", "1.5"),
        ("--region", "us-east-1", "--quota", "StartExecution=1/1"),
    ],
)
def test_misuse_makes_no_store(options: tuple[str, ...], tmp_path: Path) -> None:
    refusal(ran("collect", *options, "--store", tmp_path / "store"), 2)
    assert not (tmp_path / "store").exists()


def test_sample_data_is_left_alone(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        begun_pass(store.db, KIND, 0)
    said = refusal(ran("collect", "--store", tmp_path, "--region", "us-east-1", "--endpoint-url", ENDLESS_PORT), 2)
    assert "holds sample data" in said


def test_every_repeats_until_it_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standin: Standin
) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("commands.watching.time.sleep", sleep)
    options = ("--store", tmp_path, "--region", "us-east-1", "--endpoint-url", standin.endpoint, "--every", "5m")
    result = ran("collect", *options, now=now_ms())
    assert "(share 0.5 of the quota)" in result.stderr
    assert done(result).count("0 machines: 0 executions listed") == 2
    assert all(290 < pause <= 300 for pause in pauses)


def test_an_interrupted_pass_is_a_word_and_130(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standin: Standin
) -> None:
    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("collectors.sources.standard.collect", interrupted)
    options = ("--store", tmp_path, "--region", "us-east-1", "--endpoint-url", standin.endpoint)
    result = ran("collect", *options, now=now_ms())
    assert "interrupted" in refusal(result, 130)
    assert pass_kinds(tmp_path) == [("collect", "interrupted")]


# A job that is left alone


def options(folder: Path, standin: Standin) -> tuple[object, ...]:
    return ("--store", folder, "--region", "us-east-1", "--endpoint-url", standin.endpoint)


def test_a_second_collector_says_who_has_the_store_and_ends_well(tmp_path: Path, standin: Standin) -> None:
    now = now_ms()
    with writable_store(tmp_path) as store:
        take(store.db, Heartbeat(77, "db-1", now - 60_000, now - 5_000, WAITING, 300_000, now + 60_000), lambda _: True)
    result = ran("collect", *options(tmp_path, standin), now=now)
    assert done(result) == ""
    assert "another collector has this store: process 77 on db-1 collects since" in result.stderr
    assert "waits for its next pass" in result.stderr
    assert pass_kinds(tmp_path) == []


def test_a_collector_in_a_pass_is_named_too(tmp_path: Path, standin: Standin) -> None:
    now = now_ms()
    with writable_store(tmp_path) as store:
        take(store.db, Heartbeat(77, "db-1", now, now, COLLECTING), lambda _: True)
        result = ran("collect", *options(tmp_path, standin), now=now)
    done(result)
    assert "process 77 on db-1" in result.stderr


def test_a_store_that_something_else_writes_to_is_busy(tmp_path: Path, standin: Standin) -> None:
    with writable_store(tmp_path):
        assert "another process is writing" in refusal(ran("collect", *options(tmp_path, standin), now=now_ms()), 1)


def test_a_collector_leaves_word_that_it_has_ended(tmp_path: Path, standin: Standin) -> None:
    now = now_ms()
    done(ran("collect", *options(tmp_path, standin), now=now))
    with readable_store(tmp_path) as store:
        found = heartbeat(store.db)
    assert found is not None
    assert (found.pid, found.state, found.renewed_at) == (os.getpid(), ENDED, now)


def test_every_pass_ends_with_its_health(tmp_path: Path, standin: Standin) -> None:
    said = done(ran("collect", *options(tmp_path, standin), now=1_791_000_000_000)).splitlines()
    assert said[-1] == "2026-10-03T04:00:00.000Z pass 1 complete in 0 ms, 1 calls, 0 throttled"


def test_as_json_every_line_is_an_object(tmp_path: Path, standin: Standin, runs: Sequence[str]) -> None:
    result = ran("collect", *options(tmp_path, standin), "--log-format", "json", now=now_ms())
    lines = [json.loads(line) for line in done(result).splitlines()]
    assert [line["event"] for line in lines] == ["quota", "pass", "folded"]
    assert {"listed": 2, "saved": 2, "missed": 0, "outcome": "complete"}.items() <= lines[1].items()
    assert lines[1]["calls"]["ListStateMachines"] == 1


def test_a_clock_that_was_set_back_is_told_and_loses_nothing(
    tmp_path: Path, standin: Standin, runs: Sequence[str]
) -> None:
    day = 86_400_000
    done(ran("collect", *options(tmp_path, standin), now=now_ms() + day))
    late = standin.run(standin.create_machine("late", one_state({"Type": "Pass"})))
    assert standin.wait(late) == ["SUCCEEDED"]
    result = ran("collect", *options(tmp_path, standin), now=now_ms())
    assert "this machine's clock was set back" in result.stderr
    assert "1 history saved" in done(result)


def test_settings_say_where_to_collect_from_and_options_go_before(tmp_path: Path, standin: Standin) -> None:
    (tmp_path / "stepscope.toml").write_text(
        f"""[[targets]]
        regions = ["us-east-1", "eu-west-1"]
        endpoint_url = "{standin.endpoint}"
        [quotas]
        GetExecutionHistory = "1000/100"
        """
    )
    result = ran("collect", "--store", tmp_path, "--quota-share", "0.5", now=now_ms())
    done(result)
    assert "us-east-1: 500 histories at once, then 50.0 a second" in result.stderr
    assert "eu-west-1: 500 histories" in result.stderr
    result = ran("collect", *options(tmp_path, standin), "--quota", "GetExecutionHistory=10/1", now=now_ms())
    assert "eu-west-1" not in result.stderr
    assert "us-east-1: 9 histories" in result.stderr


def test_sigterm_in_a_pass_ends_it_as_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standin: Standin
) -> None:
    def told(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("collectors.sources.standard.collect", told)
    result = ran("collect", *options(tmp_path, standin), now=now_ms())
    assert "told to end in the middle of a pass" in refusal(result, 143)
    assert pass_kinds(tmp_path) == [("collect", "interrupted")]


def test_sigterm_between_passes_ends_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standin: Standin) -> None:
    monkeypatch.setattr("commands.watching.time.sleep", lambda _: os.kill(os.getpid(), signal.SIGTERM))
    done(ran("collect", *options(tmp_path, standin), "--every", "5m", now=now_ms()))
    assert pass_kinds(tmp_path) == [("collect", "complete")]
