"""Which executions a Task of `states:startExecution` started.

Their ARNs stand in payloads and nowhere else. So the histories of executions that may have started others are read once
more, with payloads, of which nothing is kept but those ARNs; and only who names this source has it done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from collectors.found import machines_found
from collectors.pages import pages
from collectors.scope import Cover, Scope
from store.errors import AwsError, CredentialsError, ExpiredHistoryError, UnreachableError
from store.links import Unlinked, executions_to_link, note_unlinked, save_links

NAME = "links"
OPERATIONS = ("ListStateMachines", "GetExecutionHistory")
IS_CHOSEN = True

TELLING = {"TaskSubmitted": "taskSubmittedEventDetails", "TaskSucceeded": "taskSucceededEventDetails"}
"""The events whose output names a child: once it was started, and for `.sync` once more when it had ended."""


def collect(scope: Scope, whole: Cover) -> None:
    """Ask about each execution that may have started others; `whole` says of how many.

    What fails for one is noted and the others go on. Raises `CredentialsError`, `UnreachableError`, and a failed
    listing of machines.
    """
    machines = [machine.id for machine in machines_found(scope)]
    for parent in executions_to_link(scope.store.db, machines):
        try:
            children = {arn: event_id for event_id, arn in reversed(list(_children(scope, parent)))}
        except (CredentialsError, UnreachableError):
            raise
        except ExpiredHistoryError:
            note_unlinked(scope.store.db, parent)
        except AwsError as error:
            whole.refuse(error)
        else:
            save_links(scope.store.db, parent, [(event_id, arn) for arn, event_id in children.items()])
            whole.listed += 1


def _children(scope: Scope, parent: Unlinked) -> Iterator[tuple[int, str]]:
    asked = {"executionArn": parent.arn, "includeExecutionData": True}
    for page in pages(scope.connection.api, "GetExecutionHistory", "events", **asked):
        yield from children_of(page)


def children_of(events: Iterable[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    """The ids of the events that name a child, and its ARN."""
    for event in events:
        details = event.get(TELLING.get(str(event.get("type")), ""), {})
        if details.get("resourceType") == "states" and str(details.get("resource", "")).startswith("startExecution"):
            arn = _execution_arn(details.get("output"))
            if arn:
                yield int(event["id"]), arn


def _execution_arn(output: str | None) -> str | None:
    """What stands as ExecutionArn in an output; None when it is cut or says nothing of the kind."""
    try:
        said = json.loads(output or "null")
    except ValueError:
        return None
    arn = said.get("ExecutionArn") if isinstance(said, dict) else None
    return arn if isinstance(arn, str) and arn.startswith("arn:") else None
