"""Machines with the revisions of their definitions, and which revision each execution ran."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from collectors.arns import parts_of
from collectors.listing import epoch_ms
from collectors.scope import Cover, Scope
from store.errors import AwsError, CredentialsError, DeniedError, ExpiredHistoryError, UnreachableError
from store.executions import set_revisions
from store.machines import MachineRow, Revision, RevisionRow, machine_saved, revision_saved, revisions
from store.queue import Unrevised, unrevised

HASH_CHARS = 16

Answer = dict[str, Any]


def revision_name(answer: Answer) -> str:
    """AWS's id of the revision; where it gives none (a machine never updated), a hash of the definition."""
    return str(answer.get("revisionId") or definition_hash(str(answer["definition"])))


def definition_hash(definition: str) -> str:
    """What names a revision that has no id of AWS."""
    return hashlib.sha256(definition.encode()).hexdigest()[:HASH_CHARS]


def machine_row(answer: Answer) -> MachineRow:
    """The row of an item of ListStateMachines, or of an answer of DescribeStateMachine."""
    arn = str(answer["stateMachineArn"])
    parts = parts_of(arn)
    return MachineRow(
        arn=arn,
        name=str(answer["name"]),
        type=str(answer["type"]),
        region=parts.region if parts else None,
        account=parts.account if parts else None,
        created_at=epoch_ms(answer.get("creationDate")),
        status=answer.get("status"),
        log_level=answer.get("loggingConfiguration", {}).get("level"),
        log_group=_log_group(answer),
        tracing=answer.get("tracingConfiguration", {}).get("enabled"),
        encryption=answer.get("encryptionConfiguration", {}).get("type"),
        kms_key=answer.get("encryptionConfiguration", {}).get("kmsKeyId"),
    )


def _log_group(answer: Answer) -> str | None:
    """The name of the log group; its ARN ends in `:*`."""
    for destination in answer.get("loggingConfiguration", {}).get("destinations", ()):
        arn = str(destination.get("cloudWatchLogsLogGroup", {}).get("logGroupArn", ""))
        if ":log-group:" in arn:
            return arn.partition(":log-group:")[2].removesuffix(":*")
    return None


class Described(NamedTuple):
    """A machine of the store with its current revision, None when it could not be read."""

    id: int
    arn: str
    revision_id: int | None


def described(scope: Scope, item: Answer) -> Described:
    """The machine of this listed item, with its definition saved as a revision. Raises what `Api.call` raises."""
    arn = str(item["stateMachineArn"])
    answer = scope.connection.api.call("DescribeStateMachine", stateMachineArn=arn)
    machine_id = machine_saved(scope.store.db, machine_row(answer), scope.begun_at)
    row = RevisionRow(machine_id, revision_name(answer), str(answer["definition"]))
    return Described(machine_id, arn, revision_saved(scope.store.db, row, scope.begun_at))


def give_revisions(scope: Scope, cover: Cover, machine: Described) -> None:
    """Give each new execution its revision: that of its version, else the one current at its start, as inferred.

    When a revision became current is asked once after each change, of the newest execution: that call is the scarcest.
    """
    new = unrevised(scope.store.db, machine.id)
    if not new:
        return
    try:
        exact = dict(_of_versions(scope, machine, new)) | dict(_asked(scope, machine, new))
    except (CredentialsError, UnreachableError):
        raise
    except AwsError as error:
        cover.refuse(error)
        if not isinstance(error, DeniedError):
            return  # a later pass asks again: what was once inferred stays
        exact = {}
    inferred = _inferred(revisions(scope.store.db, machine.id), [row for row in new if row.arn not in exact])
    set_revisions(scope.store.db, [(revision, False, arn) for arn, revision in exact.items()] + inferred)


def _of_versions(scope: Scope, machine: Described, new: Iterable[Unrevised]) -> Iterator[tuple[str, int]]:
    """The executions that were started with a published version, and its revision."""
    known = {row.version: row.id for row in revisions(scope.store.db, machine.id) if row.version}
    for row in new:
        if row.version is None:
            continue
        if row.version not in known:
            known[row.version] = _version_saved(scope, machine, row.version)
        yield row.arn, known[row.version]


def _version_saved(scope: Scope, machine: Described, version: str) -> int:
    answer = scope.connection.api.call("DescribeStateMachine", stateMachineArn=f"{machine.arn}:{version}")
    name = revision_name(answer)
    dated = {row.revision for row in revisions(scope.store.db, machine.id) if row.since_at is not None}
    # A version's creationDate is that of its publication, when its revision was current already.
    since_at = None if name in dated else epoch_ms(answer.get("creationDate"))
    row = RevisionRow(machine.id, name, str(answer["definition"]), since_at, version)
    return revision_saved(scope.store.db, row, scope.begun_at)


def _asked(scope: Scope, machine: Described, new: list[Unrevised]) -> Iterator[tuple[str, int]]:
    """The newest execution and its revision, asked of AWS when it is not known since when the current one is."""
    newest = next((row for row in new if row.version is None), None)
    dated = {row.id for row in revisions(scope.store.db, machine.id) if row.since_at is not None}
    if newest is None or machine.revision_id in dated:
        return
    try:
        answer = scope.connection.api.call("DescribeStateMachineForExecution", executionArn=newest.arn)
    except ExpiredHistoryError:
        return
    row = RevisionRow(machine.id, revision_name(answer), str(answer["definition"]), epoch_ms(answer.get("updateDate")))
    with scope.store.db.atomic():  # once it is dated nobody asks again: what was asked for must be kept with it
        revision = revision_saved(scope.store.db, row, scope.begun_at)
        set_revisions(scope.store.db, [(revision, False, newest.arn)])
    yield newest.arn, revision


def _inferred(known: list[Revision], new: list[Unrevised]) -> list[tuple[int, bool, str]]:
    """The revision that was current when each execution started; before the first known one, that one."""
    if not known:
        return []
    return [(current_at(known, row.started_at), True, row.arn) for row in new]


def current_at(known: list[Revision], started_at: int | None) -> int:
    """The last revision, in the order in which they became current, that was so at this moment."""
    before = [row.id for row in known if started_at is not None and row.current_at <= started_at]
    return before[-1] if before else known[0].id
