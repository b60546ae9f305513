"""A queue of status changes: whatever it delivers, and however often, the store says what the listing would say."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.aws import Connector
from collectors.connections import Connection, Meter
from collectors.job import PassResult, run_pass
from collectors.scope import Options, Silent
from collectors.sessions import Target
from store.errors import DeniedError
from store.folder import Store
from store.passes import coverage_of, listed_span
from tests.collectors.kept import SINCE, collected, everything, memory_store, rows, what_is_known
from tests.collectors.test_status_changes import body
from tests.collectors.world import World
from tests.standin.handle import REGION, Standin

QUEUE = "https://sqs.ap-northeast-2.amazonaws.com/123456789012/stepscope"
TARGET = Target("ap-northeast-2", queue=QUEUE)


@dataclass
class Queue:
    """An account whose queue holds these bodies; each delivery is of the oldest, and comes again until deleted."""

    world: World
    bodies: deque[str] = field(default_factory=deque)
    deleted: list[str] = field(default_factory=list)
    polls: int = 0
    breaks: str = ""

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        if operation == self.breaks:
            raise DeniedError(f"no {operation}")
        if operation == "ReceiveMessage":
            self.polls += 1
            some = list(self.bodies)[: parameters["MaxNumberOfMessages"]]
            self.bodies.rotate(-len(some))
            found = [{"MessageId": str(hash(text)), "ReceiptHandle": text, "Body": text} for text in some]
            return {"Messages": found} if found else {}
        if operation == "DeleteMessageBatch":
            for entry in parameters["Entries"]:
                self.deleted.append(entry["ReceiptHandle"])
                self.bodies.remove(entry["ReceiptHandle"])
            return {"Successful": []}
        return self.world.call(operation, **parameters)


def heard(store: Store, queue: Queue, **options: Any) -> PassResult:
    """A pass over nothing but the queue."""
    chosen = replace(Options(SINCE, threads=1, only=("sqs",)), **options)
    return run_pass(
        store, [TARGET], chosen, lambda: queue.world.now, Silent(), lambda _: Connection("target-0", queue, Meter())
    )


def told(world: World, arn: str, **detail: Any) -> str:
    """What EventBridge says of an execution of this world."""
    said = world.call("DescribeExecution", executionArn=arn)
    stop = said.get("stopDate")
    return body(
        said["status"],
        name=said["name"],
        executionArn=arn,
        stateMachineArn=said["stateMachineArn"],
        startDate=round(said["startDate"].timestamp() * 1000),
        stopDate=round(stop.timestamp() * 1000) if stop else None,
        redriveCount=said.get("redriveCount", 0),
        **detail,
    )


@pytest.fixture
def store() -> Store:
    return memory_store()


def test_what_ended_is_fetched_at_once_and_the_message_deleted(store: Store) -> None:
    world = World()
    [arn] = world.finished(world.machine(), 1)
    queue = Queue(world, deque([told(world, arn)]))
    result = heard(store, queue)
    assert (result.outcome, result.machines, result.listed, result.saved) == ("complete", 1, 1, 1)
    assert list(queue.bodies) == []
    assert world.calls["ListExecutions"] == 0


def test_the_listing_afterwards_finds_nothing_to_mend(store: Store) -> None:
    world = World()
    arns = world.finished(world.machine(), 3)
    heard(store, Queue(world, deque(told(world, arn) for arn in arns)))
    assert listed_span(store.db, 1, "standard") is None
    world.calls.clear()
    assert collected(store, world).saved == 0
    other = memory_store()
    collected(other, world)
    assert what_is_known(store) == what_is_known(other)


@given(st.data())
def test_however_messages_come_the_store_is_that_of_the_listing(data: st.DataObject) -> None:
    world = World()
    machine = world.machine()
    bodies = []
    for number in range(3):
        arn = world.start(machine, f"e{number}")
        bodies.append(told(world, arn))
        world.now += 1_000
        world.finish(arn, "FAILED" if number else "SUCCEEDED")
        bodies.append(told(world, arn))
    sent = data.draw(st.lists(st.sampled_from([*bodies, "foreign", "{}"]), min_size=1, max_size=12))
    store, clean = memory_store(), memory_store()
    for text in sent:
        heard(store, Queue(world, deque([text])))
    collected(store, world)
    collected(clean, world)
    assert what_is_known(store) == what_is_known(clean)


def test_foreign_messages_are_left_and_told(store: Store) -> None:
    world = World()
    [arn] = world.finished(world.machine(), 1)
    queue = Queue(world, deque(["foreign", told(world, arn), "{}"]))
    result = heard(store, queue)
    assert sorted(queue.bodies) == ["foreign", "{}"]
    [whole] = [row for row in coverage_of(store.db, result.pass_id) if row.machine_id is None]
    assert whole.sentence == "left 2 messages in the queue that tell of no change of status"


def test_a_message_is_kept_when_the_store_refused_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    [arn] = world.finished(world.machine(), 1)
    queue = Queue(world, deque([told(world, arn)]))

    def full(*_: Any) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("collectors.sources.sqs.save_changes", full)
    with pytest.raises(Exception, match="No space left"):
        heard(store, queue)
    assert len(queue.bodies) == 1
    assert queue.deleted == []


@pytest.mark.parametrize("operation", ["ReceiveMessage", "DeleteMessageBatch"])
def test_a_queue_that_is_denied_is_told_and_doubles_nothing(store: Store, operation: str) -> None:
    world = World()
    [arn] = world.finished(world.machine(), 1)
    queue = Queue(world, deque([told(world, arn)]), breaks=operation)
    result = heard(store, queue)
    assert result.problems == (f"no {operation}",)
    queue.breaks = ""
    assert heard(store, queue).outcome == "complete"
    assert len(rows(store, "executions")) == 1
    assert list(queue.bodies) == []


def test_only_machines_that_are_wanted_are_kept(store: Store) -> None:
    world = World()
    arns = [*world.finished(world.machine("orders"), 1), *world.finished(world.machine("refunds"), 1)]
    child = body(machine="orders/label")
    queue = Queue(world, deque([*(told(world, arn) for arn in arns), child]))
    heard(store, queue, machines=("ord*",))
    assert [row["name"] for row in rows(store, "machines")] == ["orders"]
    assert list(queue.bodies) == []


def test_what_was_received_already_is_not_asked_for_again(store: Store) -> None:
    world = World()
    [arn] = world.finished(world.machine(), 1)
    queue = Queue(world, deque([told(world, arn)]))
    messages: Sequence[dict[str, Any]] = queue.call("ReceiveMessage", MaxNumberOfMessages=10)["Messages"]
    assert heard(store, queue, received=tuple(messages)).saved == 1
    assert queue.polls == 2


def test_an_idle_queue_changes_nothing(store: Store) -> None:
    world = World()
    world.finished(world.machine(), 1)
    collected(store, world)
    before = everything(store)
    assert heard(store, Queue(world)).outcome == "complete"
    assert everything(store) == before


def test_over_http_from_a_real_queue(store: Store, connect: Connector, standin: Standin) -> None:
    sqs = standin.client("sqs")
    queue = sqs.create_queue(QueueName="changes")["QueueUrl"]
    machine = standin.create_machine("orders", {"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})
    arn = standin.run(machine)
    standin.wait(arn)
    said = standin.states.describe_execution(executionArn=arn)
    dates = {name: round(said[name].timestamp() * 1000) for name in ("startDate", "stopDate")}
    text = body(said["status"], name=said["name"], executionArn=arn, stateMachineArn=machine, **dates)
    for message in (text, text, "foreign"):
        sqs.send_message(QueueUrl=queue, MessageBody=message)
    target = Target(REGION, endpoint_url=standin.endpoint, queue=queue)
    options = Options(SINCE, only=("sqs",))
    result = run_pass(store, [target], options, lambda: 1_791_000_000_000, Silent(), connect)
    assert (result.outcome, result.listed, result.saved) == ("complete", 1, 1)
    assert result.calls["DeleteMessageBatch"] >= 1
    left = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    counts = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    assert sum(int(left[name]) for name in counts) == 1
