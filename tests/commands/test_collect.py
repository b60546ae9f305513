from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import collectors.job
from collectors.connections import Connection, Meter
from collectors.quota import Budget
from collectors.scope import Options
from collectors.sessions import Target
from commands.collect import _judge, _Passes
from commands.sample import KIND
from commands.session import Session
from store.errors import StepscopeError, StoreBusyError
from store.folder import readable_store, writable_store
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
    assert done(first).splitlines() == [
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


class Empty:
    """An account with no machines."""

    def call(self, operation: str, **_: Any) -> dict[str, Any]:
        assert operation == "ListStateMachines"
        return {"stateMachines": []}


def made(folder: Path) -> _Passes:
    def connect(target: Target) -> Connection:
        return Connection(target.name, Empty(), Meter(), Budget("us-east-1"))

    return _Passes(Session(now_ms, folder), [Target("us-east-1")], Options(since=0), connect)


def test_a_repeated_pass_leaves_the_store_to_others_in_between(tmp_path: Path) -> None:
    repeated = made(tmp_path)
    repeated.run()
    with writable_store(tmp_path):
        assert repeated.run() is repeated.last
    repeated.run()
    assert pass_kinds(tmp_path) == [("collect", "complete")] * 2


def test_the_first_pass_needs_the_store(tmp_path: Path) -> None:
    with writable_store(tmp_path), pytest.raises(StoreBusyError):
        made(tmp_path).run()


def test_every_repeats_until_it_is_interrupted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, standin: Standin
) -> None:
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("commands.collect.time.sleep", sleep)
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


def result_of(outcome: str, problems: tuple[str, ...] = (), missed: int = 0) -> collectors.job.PassResult:
    return collectors.job.PassResult(1, outcome, "", problems, 1, 1, 1, missed, Meter().calls, 0)


def test_a_part_that_was_missed_is_counted() -> None:
    _judge(result_of("complete"))
    with pytest.raises(StepscopeError, match="a part was missed: 2 problems named above"):
        _judge(result_of("partial", ("a", "b")))
    with pytest.raises(StepscopeError, match="a part was missed: 3 histories"):
        _judge(result_of("partial", missed=3))
