"""The writing half of the API: starting and stopping executions, revisions and versions of machines."""

from __future__ import annotations

import random
import time
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import StateMachineDoesNotExist
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.backend.execution import SyncExecution

from tests.standin.answers import Answer, TypeNotSupportedError, answer
from tests.standin.clock import Clock
from tests.standin.logs import session_of
from tests.standin.reads import execution_of
from tests.standin.world import WORLD, Row, instant

ROUTES = random.Random(1)
STOP_TRIES = 100


def install(responses: Any, backend: Any, clock: Clock) -> None:
    """Replaces moto's starting and stopping, and adds what it lacks."""
    start, update = backend.start_execution, backend.update_state_machine

    def start_execution(self: Any, state_machine_arn: str, name: str | None = None, *more: Any) -> Row:
        return _start(start, self, state_machine_arn, name, *more)

    def update_state_machine(self: Any, arn: str, *more: Any, **changes: Any) -> Any:
        machine = self.describe_state_machine(arn)
        before = machine.definition
        update(self, arn, *more, **changes)
        if machine.definition != before:
            machine.revision_id = str(uuid.uuid4())
        return machine

    backend.start_execution, backend.update_state_machine = start_execution, update_state_machine
    publish: Any = StateMachine.publish

    def publish_revision(self: Any, description: str | None) -> None:
        publish(self, description)
        self.latest_version.revision_id = getattr(self, "revision_id", None)

    published: Any = StateMachine
    published.publish = publish_revision
    responses.publish_state_machine_version = publish_state_machine_version
    responses.stop_execution = lambda request: stop_execution(request, clock)
    responses.start_sync_execution = lambda request: start_sync_execution(request, clock)


def _start(start: Any, backend: Any, arn: str, name: str | None, *more: Any) -> Row:
    """Starts a machine, a version or an alias, each with the definition that it names."""
    machine, version_arn, alias_arn = _resolved(backend, arn)
    name = name or str(uuid.uuid4())
    with WORLD.lock:
        latest = machine.definition, getattr(machine, "revision_id", None)
        if version_arn:
            version = machine.versions[int(version_arn.rpartition(":")[2])]
            machine.definition, machine.revision_id = version.definition, version.revision_id
        try:
            row = start(backend, machine.arn, name, *more)
        finally:
            machine.definition, machine.revision_id = latest
        row.version_arn, row.alias_arn = version_arn, alias_arn
    return row


def _resolved(backend: Any, arn: str) -> tuple[Any, str | None, str | None]:
    """The machine, the version ARN and the alias ARN that a start was asked with."""
    base, tail = ":".join(arn.split(":")[:7]), ":".join(arn.split(":")[7:])
    machine = backend.describe_state_machine(base)
    if not tail:
        return machine, None, None
    if tail.isdigit() and int(tail) in machine.versions:
        return machine, arn, None
    if tail in machine.aliases:
        routes = machine.aliases[tail].routing_configuration
        chosen = ROUTES.choices(routes, [route["weight"] for route in routes])[0]
        return machine, chosen["stateMachineVersionArn"], arn
    raise StateMachineDoesNotExist(f"State Machine Does Not Exist: '{arn}'")


def stop_execution(request: Any, clock: Clock) -> Answer:
    """StopExecution with its error and cause; answers when the run has really stopped."""
    row = execution_of(request)
    if row.status == "RUNNING":
        row.error, row.cause = request._get_param("error"), request._get_param("cause")
        row.stop(stop_date=clock.now(), error=row.error, cause=row.cause)
        for _ in range(STOP_TRIES):
            if row.stop_date:
                break
            time.sleep(0.1)
    return answer({"stopDate": instant(row.stop_date or clock.now())})


def publish_state_machine_version(request: Any) -> ActionResult:
    """PublishStateMachineVersion of the current revision."""
    machine = request.stepfunction_backend.describe_state_machine(request._get_param("stateMachineArn"))
    machine.publish(request._get_param("description"))
    version = machine.latest_version
    return ActionResult({"creationDate": version.creation_date, "stateMachineVersionArn": version.arn})


def express_arn(machine_arn: str, name: str) -> str:
    """The ARN of a new execution of an EXPRESS machine."""
    return f"{machine_arn.replace(':stateMachine:', ':express:')}:{name}:{uuid.uuid4()}"


def start_sync_execution(request: Any, clock: Clock) -> ActionResult:
    """StartSyncExecution of an EXPRESS machine, with its billing details."""
    machine = request.stepfunction_backend.describe_state_machine(request._get_param("stateMachineArn"))
    if machine.type != "EXPRESS":
        raise TypeNotSupportedError("This operation is not supported by this type of state machine")
    run = _sync_execution(request, machine, clock)
    run.start()
    body = {k: v for k, v in run.to_start_sync_execution_output().items() if v is not None}
    took = (instant(run.stop_date) - instant(run.start_date)).total_seconds() * 1000
    billed = max(100, -(-int(took) // 100) * 100)
    return ActionResult(body | {"billingDetails": {"billedMemoryUsedInMB": 64, "billedDurationInMilliseconds": billed}})


def _sync_execution(request: Any, machine: Any, clock: Clock) -> Any:
    backend, name = request.stepfunction_backend, request._get_param("name") or str(uuid.uuid4())
    create: Any = SyncExecution
    run = create(
        name=name,
        sm_type="EXPRESS",
        role_arn=machine.roleArn,
        state_machine=machine,
        account_id=backend.account_id,
        exec_arn=express_arn(machine.arn, name),
        region_name=backend.region_name,
        start_date=clock.now(),
        cloud_watch_logging_session=None,
        input_data=request._get_param("input") or "{}",
        activity_store={},
    )
    run._cloud_watch_logging_session = session_of(run)
    return run
