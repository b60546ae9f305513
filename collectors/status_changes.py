"""What EventBridge says when an execution of a Standard machine changes its status, as a queue delivers it.

https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html: delivered as well as can be, perhaps
twice, late or out of order; times are epoch milliseconds; input and output are left out when they are large, and never
looked at here.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from collectors.arns import Arn, parts_of, tail_of
from store.changes import STATUSES
from store.executions import ExecutionRow

SOURCE = "aws.states"
KIND = "Step Functions Execution Status Change"


class _Detail(msgspec.Struct):
    executionArn: str  # noqa: N815 -- AWS's spelling, here and below
    stateMachineArn: str  # noqa: N815
    name: str
    status: str
    startDate: int | None = None  # noqa: N815
    stopDate: int | None = None  # noqa: N815
    redriveCount: int | None = None  # noqa: N815
    stateMachineVersionArn: str | None = None  # noqa: N815
    stateMachineAliasArn: str | None = None  # noqa: N815


class _Envelope(msgspec.Struct):
    source: str
    detail: _Detail
    kind: str = msgspec.field(name="detail-type")


_decoder = msgspec.json.Decoder(_Envelope)


class StatusChange(NamedTuple):
    """An execution that began, ended, or was redriven."""

    machine: Arn
    machine_arn: str
    detail: _Detail

    @property
    def is_child(self) -> bool:
        """Whether it is a child of a Distributed Map: its machine is called `parent/label`, and is listed nowhere."""
        return "/" in self.machine.machine

    def row(self, machine_id: int) -> ExecutionRow:
        """The execution as it is after the change."""
        detail = self.detail
        return ExecutionRow(
            machine_id=machine_id,
            arn=detail.executionArn,
            name=detail.name,
            status=detail.status,
            started_at=detail.startDate,
            stopped_at=detail.stopDate,
            redrives=detail.redriveCount or 0,
            version=tail_of(detail.stateMachineVersionArn),
            alias=tail_of(detail.stateMachineAliasArn),
        )


def status_change(body: str) -> StatusChange | None:
    """The change that a message tells of; None for a message of any other kind, or none that can be read."""
    try:
        found = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeError):
        return None
    detail = found.detail
    machine, execution = parts_of(detail.stateMachineArn), parts_of(detail.executionArn)
    if (found.source, found.kind) != (SOURCE, KIND) or detail.status not in STATUSES:
        return None
    if machine is None or execution is None or (machine.kind, execution.kind) != ("stateMachine", "execution"):
        return None
    return StatusChange(machine, detail.stateMachineArn, detail)
