"""What an execution's rows need besides its history: its machine, its definition, what its states call."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from analyzer.attempt_rows import Called
from analyzer.definition import Definition, parse_definition
from analyzer.integrations import ACTIVITY, LEGACY_LAMBDA, UNKNOWN, integration, target_of_arn
from store.errors import DefinitionError
from store.executions import Kept
from store.machines import Machine, Revision


class Context:
    """Machines and revisions by id, and what they say."""

    def __init__(self, machine_rows: Sequence[Machine], revision_rows: Sequence[Revision]) -> None:
        self.machines = {machine.id: machine for machine in machine_rows}
        self.revisions = {revision.id: revision for revision in revision_rows}

    def definition_text(self, revision_id: int | None) -> str | None:
        """The text of a revision's definition; None when it is not known."""
        revision = self.revisions.get(revision_id) if revision_id is not None else None
        return revision.definition if revision is not None and revision.definition else None

    def definition(self, revision_id: int | None) -> Definition | None:
        """A revision's definition; None when it is not known or cannot be parsed."""
        return definition_of(self.definition_text(revision_id))

    def called(self, revision_id: int | None) -> Called:
        """A look-up of what the states of a revision call."""
        return called_by(self.definition_text(revision_id))

    def machine_of(self, kept: Kept) -> Machine:
        """The machine an execution is of."""
        return self.machines[kept.machine_id]

    def revision_name(self, kept: Kept) -> str | None:
        """The name of the revision that ran, marked with `?` when it was inferred."""
        revision = self.revisions.get(kept.revision_id) if kept.revision_id is not None else None
        if revision is None:
            return None
        return f"{revision.revision}?" if kept.revision_inferred else revision.revision


@functools.lru_cache(maxsize=1_024)
def definition_of(text: str | None) -> Definition | None:
    """A definition, parsed once in a process; None when it cannot be, for its histories still count.

    The reason was reported and stored when the revision was saved.
    """
    try:
        return parse_definition(text) if text is not None else None
    except DefinitionError:
        return None


@functools.lru_cache(maxsize=1_024)
def called_by(text: str | None) -> Called:
    """A look-up of what the states of a definition call, which remembers its answers."""
    return functools.cache(functools.partial(_call_of, definition_of(text)))


def _call_of(
    definition: Definition | None, state: str, resource_type: str | None, resource: str | None
) -> tuple[str | None, str | None, str | None]:
    """(resource, target, pattern) of a Task: from its schedule, else from the definition; unknown is None."""
    known = definition.states.get(state) if definition is not None else None
    calls, target = _FAMILY.get(resource_type or "", UNKNOWN), ""
    if resource is not None:
        calls = integration("" if resource_type in _FAMILY else resource_type or "", resource)
        calls = _FAMILY.get(resource_type or "", calls) if calls == UNKNOWN else calls
        target = target_of_arn(resource)
    if known is not None:
        target = target or known.target
        if calls == UNKNOWN:
            return known.resource or None, target or None, known.pattern or None
    return calls.resource or None, target or None, calls.pattern or None


_FAMILY = {"LambdaFunctionScheduled": LEGACY_LAMBDA, "ActivityScheduled": ACTIVITY}
"""The schedules that name an ARN and no resource type."""
