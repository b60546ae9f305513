"""Mends moto's interpreter where it is not AWS: dates, ends, logs, nested executions, JSONata, event order."""

from __future__ import annotations

import datetime as dt
import functools
import json
from types import SimpleNamespace
from typing import Any

import boto3
import jsonata
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_sfn
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext, EventManager
from moto.stepfunctions.parser.asl.jsonata import jsonata as moto_jsonata
from moto.stepfunctions.parser.asl.jsonata import validations
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import boto_client, encoding
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

from tests.standin.clock import Clock
from tests.standin.logs import session_of
from tests.standin.runs import express_arn
from tests.standin.world import WORLD, instant

TERMINAL = ("ExecutionSucceeded", "ExecutionFailed", "ExecutionAborted", "ExecutionTimedOut")
STATUS_OF = {
    "ProgramEnded": "SUCCEEDED",
    "ProgramStopped": "ABORTED",
    "ProgramError": "FAILED",
    "ProgramTimedOut": "TIMED_OUT",
}


def install(clock: Clock) -> None:
    """Applies every mend; once per process."""
    _begin_as_aws()
    _end_as_aws(clock)
    _silence_what_is_over()
    _order_evaluation_failures()
    _parse_definitions_once()
    _keep_clients()
    _nest_executions()
    _evaluate_jsonata()
    _keep_text_readable()


def _begin_as_aws() -> None:
    """Executions are known, logged and named from the start; ExecutionStarted is dated as the execution."""
    worker, environment = Execution._get_start_execution_worker, ExecutionWorker._get_evaluation_environment

    def begin(self: Any) -> Any:
        if self.state_machine.type == "EXPRESS":
            self.exec_arn = self.execution_arn = express_arn(self.state_machine.arn, self.name)
        self._cloud_watch_logging_session = session_of(self)
        self.exec_status = ExecutionStatus.RUNNING
        WORLD.add_running(self)
        return worker(self)

    def dated(self: Any) -> Any:
        env: Any = environment(self)
        env.event_manager.started = self._evaluation_details.execution_details.start_time
        return env

    _patch(Execution, "_get_start_execution_worker", begin)
    _patch(ExecutionWorker, "_get_evaluation_environment", dated)


def _end_as_aws(clock: Clock) -> None:
    """A run that is stopped or out of time ends at once, not when its task comes back; the first end counts."""
    stop = Execution.stop

    def end(execution: Any) -> None:
        env = execution.exec_worker.env
        state = env.program_state()
        with WORLD.lock:
            if execution.stop_date is not None:
                return
            _write_end(env, type(state).__name__, execution, clock)
            execution.stop_date = instant(execution.to_history_output()["events"][-1]["timestamp"])
        if type(state).__name__ == "ProgramEnded":
            execution.output = env.states.get_input()
        elif type(state).__name__ == "ProgramError":
            execution.error, execution.cause = state.error.get("error"), state.error.get("cause")
        execution.exec_status = ExecutionStatus(STATUS_OF[type(state).__name__])

    def stop_now(self: Any, stop_date: Any, error: str | None, cause: str | None) -> None:
        stop(self, stop_date, error, cause)
        end(self)

    _patch(BaseExecutionWorkerCommunication, "_reflect_execution_status", lambda self: end(self.execution))
    _patch(Execution, "stop", stop_now)


def _write_end(env: Any, state: str, execution: Any, clock: Clock) -> None:
    """The last event of a run that did not end by itself; its predecessor is 0, as AWS has it."""
    reason = {k: v for k, v in (("error", execution.error), ("cause", execution.cause)) if v is not None}
    details = {
        "ProgramStopped": ("ExecutionAborted", {"executionAbortedEventDetails": reason}),
        "ProgramTimedOut": ("ExecutionTimedOut", {"executionTimedOutEventDetails": {}}),
    }
    if state in details:
        context: Any = EventHistoryContext(previous_event_id=0)
        env.event_manager.add_event(context, *details[state], timestamp=clock.now())


def _silence_what_is_over() -> None:
    """Threads of an ended run, or of a branch that was given up, write no more events."""
    create, close, add_event = Environment.__init__, Environment.close_frame, EventManager.add_event

    def remember(self: Any, *args: Any, **named: Any) -> None:
        create(self, *args, **named)
        self.event_history_context.frame = self

    def close_all(self: Any, frame: Any) -> None:
        close(self, frame)
        _mark_over(frame)

    def add(self: Any, context: Any, event_type: Any, *more: Any, **named: Any) -> int:
        if self.ended or getattr(context.frame, "over", False):
            return int(context.last_published_event_id)
        self.ended = event_type in TERMINAL
        if event_type == "ExecutionStarted":
            named["timestamp"] = self.started
        return int(add_event(self, context, event_type, *more, **named))

    _patch(EventManager, "ended", False)
    _patch(EventHistoryContext, "frame", None)
    _patch(Environment, "__init__", remember)
    _patch(Environment, "close_frame", close_all)
    _patch(EventManager, "add_event", add)


def _mark_over(frame: Any) -> None:
    frame.over = True
    for inner in frame._frames:
        _mark_over(inner)


def _order_evaluation_failures() -> None:
    """EvaluationFailed points before the state that it fails; moto lets it point at the entry itself."""
    add_event = EventManager.add_event

    def add(self: Any, context: Any, event_type: Any, *more: Any, **named: Any) -> int:
        events = self._history_event_list
        if event_type == "EvaluationFailed" and context.source_event_id:
            before = events[context.source_event_id - 1]
            if before["type"].endswith("StateEntered"):
                context.source_event_id = before["previousEventId"]
        return int(add_event(self, context, event_type, *more, **named))

    _patch(EventManager, "add_event", add)


def _parse_definitions_once() -> None:
    """Parsing takes tens of milliseconds and its result holds no state of a run."""
    _patch(AmazonStateLanguageParser, "parse", staticmethod(functools.lru_cache(64)(AmazonStateLanguageParser.parse)))


def _keep_clients() -> None:
    """The interpreter makes a boto3 client for each call; one for each service serves as well."""
    kept: dict[tuple[str, str], Any] = {}

    def client(service_name: str, region_name: str, **named: Any) -> Any:
        with WORLD.lock:
            key = service_name, region_name
            if key not in kept:
                kept[key] = boto3.Session().client(service_name, region_name=region_name, **named)  # type: ignore[call-overload]
            return kept[key]

    _patch(boto_client, "boto3", SimpleNamespace(client=client))


def _nest_executions() -> None:
    """The optimised integration speaks PascalCase in what it takes and gives, with dates in milliseconds."""
    service = state_task_service_sfn.StateTaskServiceSfn
    call = service._eval_service_task

    def start(self: Any, *, env: Any, normalised_parameters: dict[str, Any], **more: Any) -> None:
        parameters = {name[0].lower() + name[1:]: value for name, value in normalised_parameters.items()}
        call(self, env=env, normalised_parameters=parameters, **more)
        env.stack.append(_pascal(env.stack.pop()))

    def answered(self: Any, response: dict[str, Any], service_action_name: Any = None, **more: Any) -> None:
        if service_action_name == "describe_execution":
            described = _pascal(response)
            response.clear()
            response.update(described)

    _patch(service, "_eval_service_task", start)
    _patch(service, "_normalise_response", answered)


def _pascal(answer: dict[str, Any]) -> dict[str, Any]:
    def written(value: Any) -> Any:
        return round(value.timestamp() * 1000) if isinstance(value, dt.datetime) else value

    return {name[0].upper() + name[1:]: written(value) for name, value in answer.items()}


def _evaluate_jsonata() -> None:
    """JSONata by a Python library; moto wants a Java virtual machine."""

    def evaluate(expression: str) -> Any:
        return json.loads(json.dumps(jsonata.Jsonata(expression).evaluate(None), default=lambda value: None))

    for module in (moto_jsonata, string_expression, validations):
        _patch(module, "eval_jsonata_expression", evaluate)


def _keep_text_readable() -> None:
    """Errors and payloads are passed on as they were written, not with their text escaped to ASCII."""
    readable = {"load": json.load, "loads": json.loads, "dumps": functools.partial(json.dumps, ensure_ascii=False)}
    for module in (encoding, lambda_eval_utils):
        _patch(module, "json", SimpleNamespace(**readable))


def _patch(owner: Any, name: str, value: Any) -> None:
    setattr(owner, name, value)
