"""The child executions of Distributed Maps: executions of `machine/label`, each with its history.

A Distributed Map may start ten thousand of them, and each costs a call: only who names this source has it.
"""

from __future__ import annotations

from collectors.arns import parts_of
from collectors.found import machines_found
from collectors.histories import Fetching
from collectors.listing import execution_row
from collectors.pages import pages
from collectors.scope import Cover, Scope
from store.errors import AwsError, CredentialsError, RefusedError, UnreachableError
from store.executions import save_executions
from store.links import Unlisted, map_runs_to_list, note_listed
from store.machines import MachineRow, child_machines, machine_saved

NAME = "children"
OPERATIONS = ("ListStateMachines", "ListExecutions", "GetExecutionHistory")
IS_CHOSEN = True

EXPRESS_CHILDREN = "StateMachineTypeNotSupported"
SOURCE = "map"
"""Where the machines of child executions come from: AWS lists them nowhere, so none of them is ever deleted."""


def collect(scope: Scope, whole: Cover) -> None:
    """List the children of the Map Runs that the store knows, and fetch their histories.

    What fails for one Map Run is noted and the others go on. Raises `CredentialsError`, `UnreachableError`, and a
    failed listing of machines. What was covered is saved either way.
    """
    machines = {machine.id: machine.arn for machine in machines_found(scope)}
    covers: dict[int, Cover] = {}
    try:
        for run in map_runs_to_list(scope.store.db, machines):
            _listed(scope, whole, run, covers)
        for machine in child_machines(scope.store.db, machines.values()):
            if machine.id not in covers:
                covers[machine.id] = scope.cover(machine.id, machine.name, NAME)
        Fetching(scope, covers).save_all()
    finally:
        for cover in covers.values():
            scope.save(cover)


def _listed(scope: Scope, whole: Cover, run: Unlisted, covers: dict[int, Cover]) -> None:
    try:
        for page in pages(scope.connection.api, "ListExecutions", "executions", mapRunArn=run.arn):
            for item in page:
                cover = _cover(scope, str(item["stateMachineArn"]), covers)
                row = execution_row(cover.machine_id or 0, item)
                save_executions(scope.store.db, [row._replace(map_run_arn=run.arn)])
                cover.listed += 1
    except (CredentialsError, UnreachableError):
        raise
    except RefusedError as error:
        if error.code != EXPRESS_CHILDREN:
            whole.refuse(error)
            return
        whole.notes.append(f"the children of {run.arn} are Express executions: their logs tell of them")
    except AwsError as error:
        whole.refuse(error)
        return
    note_listed(scope.store.db, run)


def _cover(scope: Scope, arn: str, covers: dict[int, Cover]) -> Cover:
    """The cover of the machine of child executions, which is `machine/label`."""
    parts = parts_of(arn)
    name = parts.machine if parts else arn
    row = MachineRow(arn, name, "STANDARD", source=SOURCE)
    if parts:
        row = row._replace(region=parts.region, account=parts.account)
    machine_id = machine_saved(scope.store.db, row, scope.begun_at)
    if machine_id not in covers:
        covers[machine_id] = scope.cover(machine_id, name, NAME)
    return covers[machine_id]
