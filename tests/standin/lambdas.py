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
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from tests.standin.world import WORLD

DICE = random.Random(1)
"""Chance and latency of the scripted functions; seeded, so that a run with one caller at a time repeats itself."""


def install() -> None:
    """Replaces moto's invocation."""

    def invoke(self: Any, function_name: str, qualifier: Any, body: Any, headers: Any, response_headers: Any) -> bytes:
        name = function_name.rpartition(":function:")[2].partition(":")[0]
        behaviour = WORLD.lambdas.get(name, {})
        if behaviour.get("missing"):
            raise UnknownFunctionException(f"{self.account_id}:function:{name}")
        failure = _outcome(name, behaviour)
        _call_back_later(self, behaviour, body)
        if failure is None:
            return _returned(behaviour, body).encode()
        response_headers["x-amz-function-error"] = "Unhandled"
        return json.dumps(failure, ensure_ascii=False).encode()

    patched: Any = LambdaSimpleBackend
    patched.invoke = invoke


def _outcome(name: str, behaviour: dict[str, Any]) -> dict[str, Any] | None:
    """Takes its time, then decides: the error it fails with, or None."""
    with WORLD.lock:
        WORLD.calls[name] += 1
        call = WORLD.calls[name]
        pause = DICE.uniform(*behaviour.get("latency_ms", (0, 0))) / 1000
        fails = call <= behaviour.get("fail_first", 0) or DICE.random() < behaviour.get("fail_rate", 0)
        failure = DICE.choice(_failures(behaviour)) if fails else None
    time.sleep(pause)
    return failure


def _failures(behaviour: dict[str, Any]) -> list[dict[str, Any]]:
    """The errors it may fail with; `{id}` in a message becomes a fresh number each time."""
    kinds = behaviour.get("errors") or [[behaviour.get("error", "Exception"), behaviour.get("message", "scripted")]]
    return [
        {
            "errorMessage": message.replace("{id}", str(DICE.randrange(10**6, 10**7))),
            "errorType": error,
            "requestId": str(uuid.uuid4()),
            "stackTrace": [],
        }
        for error, message in kinds
    ]


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
