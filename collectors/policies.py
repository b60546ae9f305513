"""What the collector must be allowed to do, as statements of an IAM policy, composed from what its sources declare."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import Any

from collectors.services import SQS, action_of, service_of
from collectors.sources import is_chosen, source_named, sources
from store.errors import MisuseError

PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "eusc-": "aws-eusc"}
"""The partitions other than `aws`, by how the names of their Regions begin."""

_QUEUE = re.compile(r"https?://(?:sqs\.(?P<region>[a-z0-9-]+)\.[^/]+|[^/]+)/(?P<account>\d{12})/(?P<name>[\w.-]+)/?")


def statements(chosen: Sequence[str] = (), queues: Sequence[str] = ()) -> list[dict[str, Any]]:
    """A statement for what the chosen sources read, the default ones if none is, and one for the queues.

    The first is for every resource: which machines and log groups there are is what the collector finds out. Raises
    `MisuseError` for an unknown source, and for a queue that is none.
    """
    wanted = [source_named(name) for name in chosen] or [one for one in sources() if is_chosen(one, ())]
    reads = {action_of(operation) for operation in _operations(wanted) if service_of(operation) != SQS}
    takes = {action_of(operation) for operation in _operations(wanted) if service_of(operation) == SQS}
    found = [_statement(reads, "*")] if reads else []
    if queues and takes:
        found.append(_statement(takes, [queue_arn(url) for url in dict.fromkeys(queues)]))
    return found


def _operations(wanted: Iterable[ModuleType]) -> set[str]:
    return {operation for source in wanted for operation in source.OPERATIONS}


def _statement(actions: Iterable[str], resource: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": sorted(actions), "Resource": resource}


def partition_of(region: str) -> str:
    """The partition that a Region belongs to: `aws`, `aws-cn`, `aws-us-gov` or `aws-eusc`."""
    return next((name for begin, name in PARTITIONS.items() if region.startswith(begin)), "aws")


def queue_arn(url: str) -> str:
    """The ARN of a queue. Its Region is any where the URL does not name one. Raises `MisuseError`."""
    found = _QUEUE.fullmatch(url)
    if found is None:
        raise MisuseError(
            f"{url!r} is no URL of an SQS queue", "It looks like https://sqs.eu-west-1.amazonaws.com/111122223333/name."
        )
    region = found["region"]
    return f"arn:{partition_of(region or '')}:sqs:{region or '*'}:{found['account']}:{found['name']}"
