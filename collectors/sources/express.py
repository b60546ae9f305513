"""Express machines through their logs in CloudWatch Logs, which are all that AWS keeps of their runs.

How much a log tells depends on the machine's log level: `store.log_levels` says what each leaves out.
"""

from __future__ import annotations

from collections import defaultdict

from collectors.log_failures import CountedGroup
from collectors.log_groups import LogGroup, Member, member
from collectors.scope import FAILED, INTERRUPTED, NOT_COLLECTED, Cover, Scope
from store.errors import AwsError, CredentialsError, UnreachableError
from store.log_levels import ALL, OFF, level_sentence
from store.machines import LoggedMachine, logged_machines

NAME = "express"
OPERATIONS = ("FilterLogEvents", "StartQuery", "GetQueryResults")

NO_GROUP = "AWS does not say which log group its records go to"

Groups = dict[str, list[Member]]


def is_wanted(scope: Scope) -> bool:
    """Whether the target has Express machines that were asked for."""
    return bool(scope.express)


def collect(scope: Scope, whole: Cover) -> None:
    """Bring the store up to date with the records of the target's Express machines; `whole` says how many.

    What fails for one log group is noted and the others go on. Raises what makes the whole target fail:
    `CredentialsError` and `UnreachableError`. What was covered is saved either way.
    """
    machines = logged_machines(scope.store.db, scope.express)
    whole.listed = len(machines)
    covers = [scope.cover(machine.id, machine.name, NAME) for machine in machines]
    try:
        _read_all(scope, _groups(scope, machines, covers))
    finally:
        for cover in covers:
            scope.save(cover)


def _groups(scope: Scope, machines: list[LoggedMachine], covers: list[Cover]) -> Groups:
    """The machines that log, by log group; what the others' covers say is final."""
    groups: Groups = defaultdict(list)
    for machine, cover in zip(machines, covers, strict=True):
        sentence = level_sentence(machine.level)
        if sentence is not None:
            cover.notes.append(sentence)
        if (machine.level or OFF) == OFF:
            cover.leave(NOT_COLLECTED)
        elif machine.group is None:
            cover.fail(NO_GROUP, FAILED)
        else:
            groups[machine.group].append(member(scope, machine, cover))
    return groups


def _read_all(scope: Scope, groups: Groups) -> None:
    left = dict(groups)
    try:
        for name, members in groups.items():
            _read(scope, name, members)
            del left[name]
    except BaseException as error:
        outcome = error.outcome if isinstance(error, AwsError) else INTERRUPTED
        for one in (one for members in left.values() for one in members):
            one.cover.leave(outcome)
        raise


def _read(scope: Scope, name: str, members: list[Member]) -> None:
    try:
        whole = [one for one in members if scope.options.counts_logs and one.machine.level == ALL]
        if whole:
            CountedGroup(scope, name, whole).save()
        others = [one for one in members if one not in whole]
        if others:
            LogGroup(scope, name, others).save()
    except (CredentialsError, UnreachableError) as error:
        _refuse(members, error)
        raise
    except AwsError as error:
        _refuse(members, _missing(name) if error.code == "ResourceNotFoundException" else error)


def _missing(name: str) -> AwsError:
    sentence = f"the log group {name} is not there: it was deleted, or is in another account or Region"
    return AwsError(sentence, operation="FilterLogEvents", code="ResourceNotFoundException")


def _refuse(members: list[Member], error: AwsError) -> None:
    for one in members:
        one.cover.refuse(error)
