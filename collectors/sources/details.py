"""Machines in full: tags, versions, and aliases with the versions that they lead to.

AWS allows one such call a second, and tells of no change: each machine has its turn once a day, a hundred in one pass.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from collectors.arns import tail_of
from collectors.found import machines_found
from collectors.listing import epoch_ms
from collectors.pages import pages
from collectors.scope import Cover, Found, Scope
from store.errors import AwsError, CredentialsError, UnreachableError
from store.machine_details import AliasRow, Details, VersionRow, details_due, save_details
from store.migrations import MS_PER_DAY

NAME = "details"
OPERATIONS = (
    "ListStateMachines",
    "ListTagsForResource",
    "ListStateMachineVersions",
    "ListStateMachineAliases",
    "DescribeStateMachineAlias",
)
IS_CHOSEN = True
"""It needs permissions of its own."""

MOST_IN_A_PASS = 100
"""What AWS's buckets let through at once."""


def collect(scope: Scope, whole: Cover) -> None:
    """Read the details of the machines that are due; `whole` says how many.

    What fails for one is noted and the others go on. Raises `CredentialsError`, `UnreachableError`, and a failed
    listing of machines.
    """
    machines = {machine.id: machine for machine in machines_found(scope)}
    due = details_due(scope.store.db, machines, scope.begun_at - MS_PER_DAY)[:MOST_IN_A_PASS]
    for machine in (machines[machine_id] for machine_id in due):
        try:
            found = details_of(scope, machine)
        except (CredentialsError, UnreachableError):
            raise
        except AwsError as error:
            whole.refuse(error)
        else:
            save_details(scope.store.db, machine.id, found, machine.revision_id, scope.begun_at)
            whole.listed += 1


def details_of(scope: Scope, machine: Found) -> Details:
    """All of a machine that AWS tells in calls of their own. Without a version it has no alias either."""
    tags = scope.connection.api.call("ListTagsForResource", resourceArn=machine.arn)["tags"]
    versions = list(_versions(scope, machine))
    aliases = list(_aliases(scope, machine)) if versions else []
    return Details({str(tag["key"]): str(tag.get("value", "")) for tag in tags}, versions, aliases)


def _versions(scope: Scope, machine: Found) -> Iterator[VersionRow]:
    asked = {"stateMachineArn": machine.arn}
    for page in pages(scope.connection.api, "ListStateMachineVersions", "stateMachineVersions", **asked):
        for item in page:
            yield VersionRow(str(tail_of(item["stateMachineVersionArn"])), epoch_ms(item.get("creationDate")))


def _aliases(scope: Scope, machine: Found) -> Iterator[AliasRow]:
    asked = {"stateMachineArn": machine.arn}
    for page in pages(scope.connection.api, "ListStateMachineAliases", "stateMachineAliases", **asked):
        for item in page:
            arn = str(item["stateMachineAliasArn"])
            yield alias_row(arn, scope.connection.api.call("DescribeStateMachineAlias", stateMachineAliasArn=arn))


def alias_row(arn: str, answer: dict[str, Any]) -> AliasRow:
    """The row of an answer of DescribeStateMachineAlias."""
    routed = answer["routingConfiguration"]
    routes = {str(tail_of(route["stateMachineVersionArn"])): int(route["weight"]) for route in routed}
    return AliasRow(str(tail_of(arn)), routes, epoch_ms(answer.get("creationDate")), epoch_ms(answer.get("updateDate")))
