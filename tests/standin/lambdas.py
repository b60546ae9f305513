"""Lambda functions that behave as a test scripted them."""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core.exceptions import JsonRESTError
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from tests.standin.world import WORLD

DICE = random.Random(1)
"""Chance and latency of the scripted functions; seeded, so that a run with one caller at a time repeats itself."""


class TooManyRequestsError(JsonRESTError):
    """Lambda's own throttle."""

    code = 429

    def __init__(self) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")


def install() -> None:
    """Replaces moto's invocation."""

    def invoke(self: Any, function_name: str, qualifier: Any, body: Any, headers: Any, response_headers: Any) -> bytes:
        name = function_name.rpartition(":function:")[2].partition(":")[0]
        behaviour = WORLD.lambdas.get(name, {})
        if behaviour.get("missing"):
            raise UnknownFunctionException(f"{self.account_id}:function:{name}")
        if DICE.random() < behaviour.get("throttle_rate", 0):
            raise TooManyRequestsError
        failure = _outcome(name, behaviour, str(body))
        _call_back_later(self, behaviour, body)
        if failure is None:
            return _returned(behaviour, body).encode()
        response_headers["x-amz-function-error"] = "Unhandled"
        return json.dumps(failure, ensure_ascii=False).encode()

    patched: Any = LambdaSimpleBackend
    patched.invoke = invoke


def _outcome(name: str, behaviour: dict[str, Any], body: str) -> dict[str, Any] | None:
    """Takes its time, then decides: the error it fails with, or None."""
    with WORLD.lock:
        WORLD.calls[name] += 1
        pause = _pause(behaviour) / 1000
        failure = _failure(behaviour, WORLD.calls[name], body)
    time.sleep(pause)
    return failure


def _pause(behaviour: dict[str, Any]) -> float:
    """Milliseconds, most of them near the lowest, as real latencies are."""
    slow = DICE.random() < behaviour.get("slow_rate", 0)
    lowest, highest = behaviour["slow_ms"] if slow else behaviour.get("latency_ms", (0, 0))
    return float(lowest + (highest - lowest) * DICE.random() ** 2)


def _failure(behaviour: dict[str, Any], call: int, body: str) -> dict[str, Any] | None:
    """What this call fails with: always for a payload that holds a text of `fail_when`, else by chance."""
    for text, (error, message) in behaviour.get("fail_when", {}).items():
        if text in body:
            return _error(error, message)
    chance = 1 if call <= behaviour.get("fail_first", 0) else behaviour.get("fail_rate", 0)
    usual = [behaviour.get("error", "Exception"), behaviour.get("message", "scripted"), chance]
    drawn = DICE.random()
    for error, message, rate in [usual, *behaviour.get("errors", [])]:
        if drawn < rate:
            return _error(error, message)
        drawn -= rate
    return None


def _error(error: str, message: str) -> dict[str, Any]:
    """An error as a function's runtime writes it; `{id}` in its message becomes a fresh number."""
    return {
        "errorMessage": message.replace("{id}", str(DICE.randrange(10**6, 10**7))),
        "errorType": error,
        "requestId": str(uuid.uuid4()),
        "stackTrace": [],
    }


def _returned(behaviour: dict[str, Any], body: Any) -> str:
    """What it answers: `returns`, one of `one_of` by `weights`, else what it was given."""
    if "one_of" in behaviour:
        return json.dumps(DICE.choices(behaviour["one_of"], behaviour.get("weights"))[0], ensure_ascii=False)
    return json.dumps(behaviour["returns"], ensure_ascii=False) if "returns" in behaviour else str(body or "{}")


def _call_back_later(backend: Any, behaviour: dict[str, Any], body: Any) -> None:
    """Answers the task token in its payload after `callback_ms`; with `callback_fail_rate` by a failure."""
    if "callback_ms" not in behaviour:
        return
    token = json.loads(body)["token"]
    pause = DICE.uniform(*behaviour["callback_ms"]) / 1000
    fails = DICE.random() < behaviour.get("callback_fail_rate", 0)
    args = (backend.account_id, backend.region_name, token, pause, behaviour.get("error") if fails else None)
    threading.Thread(target=_call_back, args=args, daemon=True).start()


def _call_back(account: str, region: str, token: str, pause: float, error: str | None) -> None:
    time.sleep(pause)
    states: Any = stepfunctions_parser_backends[account][region]
    if error is None:
        states.send_task_success(token, json.dumps({"answered": True}))
    else:
        states.send_task_failure(token, error=error, cause="refused by the person asked")
