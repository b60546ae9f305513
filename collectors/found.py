"""Which machines a target has, for sources that may have their turn without the one that lists them."""

from __future__ import annotations

from collectors.pages import pages
from collectors.revisions import machine_row
from collectors.scope import Found, Scope
from store.machines import machine_saved


def machines_found(scope: Scope) -> list[Found]:
    """The machines of the target that are wanted: those that were found in this pass, else as listed now."""
    if scope.machines is None:
        scope.machines = list(_listed(scope))
    return scope.machines


def _listed(scope: Scope) -> list[Found]:
    items = [item for page in pages(scope.connection.api, "ListStateMachines", "stateMachines") for item in page]
    rows = (machine_row(item) for item in items)
    wanted = [row for row in rows if scope.options.wants(row.name, row.arn)]
    return [Found(machine_saved(scope.store.db, row, scope.begun_at), row.arn, row.name, row.type) for row in wanted]
