"""Between passes: queues are heard, whatever they answer, and the time for the next pass comes all the same."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collectors.connections import Connection, Meter
from collectors.scope import Options
from collectors.sessions import Target
from commands.journal import Journal
from commands.lease import Lease
from commands.passes import Passes
from commands.session import Session
from commands.watching import between, listen
from store.errors import DeniedError
from store.folder import readable_store
from store.heartbeat import Owner
from store.passes import passes as passes_of
from tests.collectors.test_status_changes import body
from tests.commands.running import NOW

QUEUE = Target("ap-northeast-2", queue="https://sqs.ap-northeast-2.amazonaws.com/123456789012/q")


class Account:
    """An account without machines, whose queue answers what it is given; each poll takes its time."""

    def __init__(self, *answers: Any) -> None:
        self.answers = deque(answers)
        self.seconds = 0.0
        self.waits: list[int] = []

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        if operation == "ListStateMachines":
            return {"stateMachines": []}
        if operation != "ReceiveMessage":
            return {}
        self.waits.append(parameters["WaitTimeSeconds"])
        self.seconds += parameters["WaitTimeSeconds"]
        answer = self.answers.popleft() if self.answers else {}
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, dict)
        return answer

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def clock(self) -> float:
        return self.seconds


@pytest.fixture
def made(tmp_path: Path) -> Callable[[Account], Passes]:
    def make(account: Account) -> Passes:
        session = Session(lambda: NOW, tmp_path)
        lease = Lease(tmp_path, Owner(1, "elsewhere", NOW), session.clock, 60_000)

        def connect(target: Target) -> Connection:
            return Connection(target.name, account, Meter())

        return Passes(session, [QUEUE], Options(since=0), connect, lease, Journal(session), 60_000)

    return make


def outcomes(folder: Path) -> list[str | None]:
    with readable_store(folder) as store:
        return [one.outcome for one in passes_of(store.db)]


def test_a_quiet_queue_is_polled_until_the_next_pass(made: Callable[[Account], Passes], tmp_path: Path) -> None:
    account = Account()
    listen(made(account), [QUEUE], 45, account.sleep, account.clock)
    assert account.waits == [20, 20, 5]
    assert not (tmp_path / "store.db").exists()


def test_a_message_is_taken_into_the_store_at_once(made: Callable[[Account], Passes], tmp_path: Path) -> None:
    message = {"MessageId": "1", "ReceiptHandle": "1", "Body": body("RUNNING")}
    account = Account({"Messages": [message]})
    listen(made(account), [QUEUE], 45, account.sleep, account.clock)
    assert outcomes(tmp_path) == ["complete"]
    with readable_store(tmp_path) as store:
        assert store.db.execute("SELECT name, status FROM executions").fetchall() == [("e1", "RUNNING")]


def test_a_queue_that_refuses_is_told_and_left_alone_a_while(
    made: Callable[[Account], Passes], capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account(DeniedError("no queue for you"))
    listen(made(account), [QUEUE], 90, account.sleep, account.clock)
    assert account.waits == [20, 10]
    assert "no queue for you. The next pass lists what it would have told." in capsys.readouterr().err


def test_without_a_queue_it_sleeps(
    made: Callable[[Account], Passes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("commands.watching.time.sleep", slept.append)
    quiet = made(Account())
    quiet.targets = [Target("eu-west-1")]
    quiet.run()
    between(quiet, 300)
    assert slept == [300]
