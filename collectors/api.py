"""The one interface through which sources read AWS, so that a recording or an invented world can take its place."""

from __future__ import annotations

from typing import Any, Protocol


class Api(Protocol):
    """Something that answers AWS's operations for one account and region."""

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """The answer to one call, exactly as boto3 parses it: times are aware `datetime`s, absent members are absent.

        `operation` and `parameters` have AWS's own spelling: `call("ListExecutions", stateMachineArn=arn,
        maxResults=1000)`. Raises a `store.errors.AwsError`; any number of threads may call.
        """
        ...
