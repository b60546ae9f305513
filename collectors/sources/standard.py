"""Standard machines through the Step Functions API: machines, executions, histories, Map Runs.

EXPRESS machines are noted with their definition, for the source of their logs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from collectors.histories import Fetching
from collectors.listing import Listing
from collectors.map_runs import describe_map_runs
from collectors.pages import pages
from collectors.revisions import Described, described, give_revisions, machine_row
from collectors.scope import COMPLETE, INTERRUPTED, PARTIAL, Cover, Found, Scope
from store.errors import AwsError, CredentialsError, UnreachableError
from store.machines import machine_saved, note_deleted
from store.queue import histories_to_fetch

NAME = "standard"
OPERATIONS = (
    "ListStateMachines",
    "DescribeStateMachine",
    "DescribeStateMachineForExecution",
    "ListExecutions",
    "DescribeExecution",
    "GetExecutionHistory",
    "DescribeMapRun",
)

NOT_REACHED = "not reached"

Item = dict[str, Any]


def collect(scope: Scope, whole: Cover) -> None:
    """Bring the store up to date with the target's machines; `whole` covers their listing.

    What fails for one machine is noted in its cover and the others go on. Raises what makes the whole target fail:
    a failed listing of machines, `CredentialsError`, `UnreachableError`. What was covered is saved either way.
    """
    covers: dict[int, Cover] = {}
    found: list[Found] = []
    with _covers_saved(scope, covers):
        wanted = _wanted(scope, whole)
        scope.machines = found
        for item in wanted:
            machine_id, cover = _covered(scope, item, found)
            if item["type"] != "EXPRESS":
                covers[machine_id] = cover
        Fetching(scope, covers).save_all()
        describe_map_runs(scope, covers)


@contextmanager
def _covers_saved(scope: Scope, covers: dict[int, Cover]) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        outcome = error.outcome if isinstance(error, AwsError) else INTERRUPTED
        for machine_id, cover in covers.items():
            _note_unreached(scope, machine_id, cover, outcome)
        raise
    finally:
        for cover in scope.covers:
            scope.save(cover)


def _note_unreached(scope: Scope, machine_id: int, cover: Cover, outcome: str) -> None:
    """A pass that ends early leaves histories behind: say how many."""
    left = len(histories_to_fetch(scope.store.db, [machine_id])) - cover.missed - cover.left_out
    if left > 0:
        cover.reasons[NOT_REACHED] += left
        cover.leave(outcome)


def _wanted(scope: Scope, whole: Cover) -> list[Item]:
    """The machines that the target lists and the options want; those it no longer lists are noted as deleted."""
    listed = [item for page in pages(scope.connection.api, "ListStateMachines", "stateMachines") for item in page]
    arns = {str(item["stateMachineArn"]): item for item in listed}
    note_deleted(scope.store.db, list(arns), scope.begun_at)
    wanted = [item for arn, item in arns.items() if scope.options.wants(str(item["name"]), arn)]
    whole.listed = len(wanted)
    if not arns:
        whole.notes.append(f"{scope.connection.name} has no state machines")
    elif not wanted:
        asked = ", ".join(scope.options.machines)
        whole.fail(f"none of the {len(arns)} state machines in {scope.connection.name} is called {asked}", PARTIAL)
    return wanted


def _covered(scope: Scope, item: Item, found: list[Found]) -> tuple[int, Cover]:
    """The machine's id and what its listing covered; the machine is added to those found."""
    cover = scope.cover(None, str(item["name"]), NAME)
    machine = _machine(scope, cover, item)
    cover.machine_id = machine.id
    found.append(Found(machine.id, machine.arn, cover.name, str(item["type"]), machine.revision_id))
    if item["type"] == "EXPRESS":
        scope.express.append(machine.id)
        if cover.outcome == COMPLETE:  # what there is to say, the source of its logs says
            scope.covers.remove(cover)
            return machine.id, cover
    else:
        _listed(scope, cover, machine)
    scope.save(cover, is_over=False)
    return machine.id, cover


def _machine(scope: Scope, cover: Cover, item: Item) -> Described:
    try:
        return described(scope, item)
    except (CredentialsError, UnreachableError) as error:
        cover.refuse(error)
        raise
    except AwsError as error:
        cover.refuse(error)
        machine_id = machine_saved(scope.store.db, machine_row(item), scope.begun_at)
        return Described(machine_id, str(item["stateMachineArn"]), None)


def _listed(scope: Scope, cover: Cover, machine: Described) -> None:
    try:
        Listing(scope, cover, machine.id, machine.arn).save()
        if machine.revision_id is not None:  # else a later pass gives them, once it knows the newest revision
            give_revisions(scope, cover, machine)
    except (CredentialsError, UnreachableError) as error:
        cover.refuse(error)
        raise
    except AwsError as error:
        cover.refuse(error)
