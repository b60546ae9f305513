"""Passes and the store: it belongs to others in between, and a refusal of one pass does not end the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import collectors.job
from collectors.connections import Connection, Meter
from collectors.quota import Budget
from collectors.scope import Options
from collectors.sessions import Target
from commands.journal import Journal
from commands.lease import Lease
from commands.passes import Passes, judge
from commands.session import Session
from commands.stopping import TerminatedError
from store.errors import StepscopeError, StoreBusyError, StoreHeldError, StoreUnwritableError
from store.folder import readable_store, writable_store
from store.heartbeat import COLLECTING, Heartbeat, Owner, take
from store.passes import begun_pass, passes
from tests.commands.running import NOW

ME = Owner(1, "elsewhere", NOW)


def pass_kinds(folder: Path) -> list[tuple[str, str | None]]:
    with readable_store(folder) as store:
        return [(one.kind, one.outcome) for one in passes(store.db)]


class Empty:
    """An account with no machines."""

    def call(self, operation: str, **_: Any) -> dict[str, Any]:
        assert operation == "ListStateMachines"
        return {"stateMachines": []}


def made(folder: Path) -> Passes:
    def connect(target: Target) -> Connection:
        return Connection(target.name, Empty(), Meter(), Budget("us-east-1"))

    session = Session(lambda: NOW, folder)
    lease = Lease(folder, ME, session.clock, 300_000)
    return Passes(session, [Target("us-east-1")], Options(since=0), connect, lease, Journal(session), 300_000)


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


def test_while_another_collector_lives_no_pass_is_run(tmp_path: Path) -> None:
    repeated = made(tmp_path)
    repeated.run()
    with writable_store(tmp_path) as store:
        take(store.db, Heartbeat(9, "db-1", NOW, NOW, COLLECTING), lambda _: False)
    with pytest.raises(StoreHeldError, match=r"process 9 on db-1 collects since 2026-10-03T.*, is in a pass"):
        repeated.run()
    assert pass_kinds(tmp_path) == [("collect", "complete")]


def test_a_disk_that_is_full_for_a_while_ends_no_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: Any, **__: Any) -> Any:
        raise StoreUnwritableError("the disk is full")

    repeated = made(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(collectors.job, "begun_pass", full)
        with pytest.raises(StoreUnwritableError):
            repeated.run()
    first = repeated.run()
    with monkeypatch.context() as patched:
        patched.setattr(collectors.job, "begun_pass", full)
        assert repeated.run() is first
    assert "This pass is left out: the disk is full." in capsys.readouterr().err
    assert repeated.run().outcome == "complete"


def test_a_pass_that_was_killed_does_not_run_for_ever(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        begun_pass(store.db, "collect", NOW - 1)
    made(tmp_path).run()
    assert pass_kinds(tmp_path) == [("collect", "complete"), ("collect", "interrupted")]


def result_of(outcome: str, problems: tuple[str, ...] = (), missed: int = 0) -> collectors.job.PassResult:
    return collectors.job.PassResult(1, outcome, "", problems, 1, 1, 1, missed, Meter().calls, 0)


def test_a_part_that_was_missed_is_counted() -> None:
    judge(result_of("complete"))
    with pytest.raises(StepscopeError, match="a part was missed: 2 problems named above"):
        judge(result_of("partial", ("a", "b")))
    with pytest.raises(StepscopeError, match="a part was missed: 3 histories"):
        judge(result_of("partial", missed=3))


def test_an_interrupted_pass_ends_as_it_was_told() -> None:
    with pytest.raises(TerminatedError) as told:
        judge(result_of("interrupted"), is_terminated=True)
    assert told.value.exit_code == 143
