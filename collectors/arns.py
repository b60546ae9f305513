"""What an ARN of Step Functions says: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-states-language.html.

arn:aws:states:REGION:ACCOUNT:stateMachine:MACHINE[:VERSION or ALIAS]
arn:aws:states:REGION:ACCOUNT:execution:MACHINE:EXECUTION
arn:aws:states:REGION:ACCOUNT:express:MACHINE:EXECUTION:UUID
"""

from __future__ import annotations

from typing import NamedTuple

PARTS = 7


class Arn(NamedTuple):
    """The parts of an ARN of Step Functions. `rest` is what follows the machine's name, empty when nothing does."""

    partition: str
    region: str
    account: str
    kind: str
    machine: str
    rest: str

    @property
    def type(self) -> str | None:
        """The type of the machine, where the ARN tells it: that of an execution does."""
        return {"execution": "STANDARD", "express": "EXPRESS"}.get(self.kind)

    @property
    def machine_arn(self) -> str:
        """The ARN of the machine that this ARN belongs to."""
        return self.machine_arn_of(self.machine)

    def machine_arn_of(self, name: str) -> str:
        """The ARN of another machine of the same account and Region."""
        return f"arn:{self.partition}:states:{self.region}:{self.account}:stateMachine:{name}"


def parts_of(arn: str) -> Arn | None:
    """The parts of an ARN; None when it is none of Step Functions."""
    parts = arn.split(":", PARTS)
    if len(parts) < PARTS or parts[0] != "arn" or parts[2] != "states":
        return None
    return Arn(parts[1], parts[3], parts[4], parts[5], parts[6], parts[7] if len(parts) > PARTS else "")


def tail_of(arn: str | None) -> str | None:
    """What stands last in an ARN: the number of a version, the name of an alias."""
    return arn.rpartition(":")[2] if arn else None
