"""Whether each operation that the sources call is allowed: one call of each, made with what the account has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from collectors.api import Api
from collectors.pages import PAGE_ROWS
from collectors.revisions import machine_row
from collectors.sources import sources
from store.errors import AwsError

Answer = dict[str, Any]

MACHINES_LOOKED_AT = 20
"""Express machines whose log level is looked at: a second of AWS's quota."""


class Probe(NamedTuple):
    """One call. `error` is None when it was answered."""

    operation: str
    error: AwsError | None = None


@dataclass
class Probing:
    """The calls to one target, each made only where an answer before gave something to ask about.

    `first` is the first answer, empty when there was none; `levels` the log levels of Express machines, by name.
    """

    api: Api
    queue: str | None = None
    first: Answer = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    probes: list[Probe] = field(default_factory=list)

    def run(self) -> None:
        """Make the calls. What is refused is noted, and the others go on."""
        self.first = self._asked("ListStateMachines", maxResults=PAGE_ROWS) or {}
        machines = self.first.get("stateMachines", ())
        standard = next((one for one in machines if one["type"] == "STANDARD"), None)
        if standard is not None:
            self._standard(str(standard["stateMachineArn"]))
        self._express([str(one["stateMachineArn"]) for one in machines if one["type"] == "EXPRESS"])
        if self.queue is not None:
            # Visible again at once, so that the collector finds it where it was.
            self._asked("ReceiveMessage", QueueUrl=self.queue, MaxNumberOfMessages=1, VisibilityTimeout=0)

    @property
    def untried(self) -> list[str]:
        """The operations that there was nothing to ask about with."""
        tried = {probe.operation for probe in self.probes}
        wanted = {operation for source in sources() for operation in source.OPERATIONS}
        queues = {"ReceiveMessage", "DeleteMessageBatch"} if self.queue is None else set()
        return sorted(wanted - tried - queues)

    def _standard(self, arn: str) -> None:
        self._asked("DescribeStateMachine", stateMachineArn=arn)
        listed = self._asked("ListExecutions", stateMachineArn=arn, maxResults=PAGE_ROWS) or {}
        for execution in listed.get("executions", ())[:1]:
            asked = {"executionArn": execution["executionArn"]}
            self._asked("DescribeExecution", **asked)
            self._asked("DescribeStateMachineForExecution", **asked)
            self._asked("GetExecutionHistory", **asked, maxResults=PAGE_ROWS, includeExecutionData=False)

    def _express(self, arns: list[str]) -> None:
        for arn in arns[:MACHINES_LOOKED_AT]:
            answer = self._asked("DescribeStateMachine", stateMachineArn=arn)
            if answer is None:
                return
            row = machine_row(answer)
            self.levels[row.name] = row.log_level or "OFF"
            if row.log_group is not None and not any(probe.operation == "FilterLogEvents" for probe in self.probes):
                self._asked("FilterLogEvents", logGroupName=row.log_group, limit=1)

    def _asked(self, operation: str, **parameters: Any) -> Answer | None:
        try:
            answer = self.api.call(operation, **parameters)
        except AwsError as error:
            self._note(Probe(operation, error))
            return None
        self._note(Probe(operation))
        return answer

    def _note(self, probe: Probe) -> None:
        if probe.error is not None or probe not in self.probes:
            self.probes.append(probe)
