"""Changes of status from an SQS queue that EventBridge feeds: what ended is known, and fetched, within seconds.

They bring nothing that the listing of the next pass would not bring too, and the listing remains the truth: no
watermark moves here. A message is deleted when what it says is in the store, and never before; one that says something
else is left to whoever it is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from collectors.api import Api
from collectors.histories import Fetching
from collectors.scope import Cover, Scope, counted
from collectors.status_changes import StatusChange, status_change
from store.changes import save_changes
from store.machines import MachineRow, machine_saved, machines

NAME = "sqs"
OPERATIONS = ("ReceiveMessage", "DeleteMessageBatch")

BATCH = 10
"""The most messages of one call: API reference, ReceiveMessage and DeleteMessageBatch."""

LONG_POLL_S = 20
"""The longest that AWS waits for a message: API reference, WaitTimeSeconds."""

SHORT_POLL_S = 1
"""Within a pass: long enough to ask all of AWS's servers, which a poll of 0 does not."""

Message = Mapping[str, Any]


def is_wanted(scope: Scope) -> bool:
    """Whether this target has a queue."""
    return scope.options.queue is not None


def collect(scope: Scope, whole: Cover) -> None:
    """Save what the queue says, then fetch the histories of the machines that it named."""
    named: dict[int, Cover] = {}
    try:
        foreign = sum(_saved(scope, messages, named) for messages in _batches(scope))
        if foreign:
            whole.notes.append(f"left {counted(foreign, 'message')} in the queue that tell of no change of status")
        Fetching(scope, named).save_all()
    finally:
        whole.listed = sum(cover.listed for cover in named.values())
        for cover in named.values():
            scope.save(cover)


def received(api: Api, queue: str, wait_s: int) -> list[Message]:
    """The next few messages of a queue, waiting so many seconds for the first. Raises what `Api.call` raises."""
    answer = api.call("ReceiveMessage", QueueUrl=queue, MaxNumberOfMessages=BATCH, WaitTimeSeconds=wait_s)
    return list(answer.get("Messages", ()))


def _batches(scope: Scope) -> Iterator[Sequence[Message]]:
    """What is at hand, then what the queue has, until it has nothing new: what is left in it comes back again."""
    queue = str(scope.options.queue)
    seen: set[str] = set()
    batch = list(scope.options.received) or received(scope.connection.api, queue, SHORT_POLL_S)
    while fresh := [message for message in batch if message["MessageId"] not in seen]:
        seen.update(message["MessageId"] for message in fresh)
        yield fresh
        batch = received(scope.connection.api, queue, SHORT_POLL_S)


def _saved(scope: Scope, messages: Sequence[Message], named: dict[int, Cover]) -> int:
    """Save what the messages say and delete them; how many say something else."""
    told = {index: status_change(message["Body"]) for index, message in enumerate(messages)}
    changes = [change for change in told.values() if change is not None and _is_wanted(scope, change)]
    ids = _machine_ids(scope, changes)
    for arn, machine_id in ids.items():
        of_machine = [change for change in changes if change.machine_arn == arn]
        if machine_id not in named:
            named[machine_id] = scope.cover(machine_id, of_machine[0].machine.machine, NAME)
        named[machine_id].listed += save_changes(scope.store.db, (change.row(machine_id) for change in of_machine))
    _delete(scope, [messages[index] for index, change in told.items() if change is not None])
    return sum(change is None for change in told.values())


def _is_wanted(scope: Scope, change: StatusChange) -> bool:
    return not change.is_child and scope.options.wants(change.machine.machine, change.machine_arn)


def _machine_ids(scope: Scope, changes: Sequence[StatusChange]) -> dict[str, int]:
    """The machines that changes name, by ARN; one that is not known yet is noted, and described by the listing."""
    known = {machine.arn: machine.id for machine in machines(scope.store.db)}
    ids: dict[str, int] = {}
    for arn, place in {change.machine_arn: change.machine for change in changes}.items():
        row = MachineRow(arn, place.machine, "STANDARD", place.region, place.account)
        ids[arn] = known[arn] if arn in known else machine_saved(scope.store.db, row, scope.begun_at)
    return ids


def _delete(scope: Scope, messages: Sequence[Message]) -> None:
    """Delete messages; one that AWS fails to delete comes again, and says nothing new."""
    if messages:
        entries = [
            {"Id": str(index), "ReceiptHandle": message["ReceiptHandle"]} for index, message in enumerate(messages)
        ]
        scope.connection.api.call("DeleteMessageBatch", QueueUrl=scope.options.queue, Entries=entries)
