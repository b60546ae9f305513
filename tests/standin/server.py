"""The stand-in's process: moto's server, mended, with a control path of its own.

    python -m tests.standin.server [--speed 20]

Prints its address and serves until its standard input closes. Besides AWS it answers, by POST of JSON:

    /standin/lambda     {name: behaviour}: see `lambdas`
    /standin/seed       executions that never ran: see `seeding.seed`
    /standin/replicate  copies of executions that ran: see `seeding.replicate`
    /standin/listing    {"order", "hidden", "stale"}: how ListExecutions answers
    /standin/logs       events of a log group: see `logs.put`
    /standin/clock      {"speed"}: how quick the dates of executions and events run, 1 at first
    /standin/products   {"products", "page"}: what the Price List API sells, and by how many a page
    /standin/usage      {"usage"}: what Cost Explorer says was used: day, region, usage_type, quantity
    /standin/asked      how often the two were asked, by operation
    /standin/reset      forgets everything; the clock keeps its speed
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from moto.core.config import default_user_config
from moto.core.responses import BaseResponse
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse
from werkzeug.serving import make_server

from tests.standin import interpreter, lambdas, logs, reads, runs
from tests.standin.answers import UnknownOperationError
from tests.standin.clock import Clock, hurry, tell_time
from tests.standin.sales import SALES, TARGETS
from tests.standin.seeding import replicate, seed
from tests.standin.world import WORLD

Environ = dict[str, Any]


CLOCK = Clock()


def install(speed: float) -> None:
    """Configures and mends moto in this process."""
    default_user_config["stepfunctions"] = {"execute_state_machine": True}
    default_user_config["lambda"] = {"use_docker": False}
    hurry(speed)
    tell_time(CLOCK, Clock(speed))
    reads.install(StepFunctionResponse)
    runs.install(StepFunctionResponse, StepFunctionsParserBackend, CLOCK)
    lambdas.install()
    interpreter.install(CLOCK)
    _refuse_unknown_operations()


def _refuse_unknown_operations() -> None:
    call = BaseResponse.call_action

    def call_action(self: Any) -> Any:
        try:
            return call(self)
        except NotImplementedError as missing:
            raise UnknownOperationError(str(missing)) from None

    patched: Any = BaseResponse
    patched.call_action = call_action


def script(body: dict[str, Any]) -> int:
    """Sets how functions behave and forgets how often they were called."""
    with WORLD.lock:
        WORLD.lambdas.update(body)
        for name in body:
            WORLD.calls.pop(name, None)
    return len(body)


def list_as(body: dict[str, Any]) -> str:
    """Sets how ListExecutions answers."""
    hidden, stale = frozenset(body.get("hidden", ())), frozenset(body.get("stale", ()))
    WORLD.list_as(order=body.get("order", "start"), hidden=hidden, stale=stale)
    return WORLD.listing.order


def run_clock(body: dict[str, Any]) -> float:
    """Sets how quick dates run."""
    CLOCK.run_at(float(body["speed"]))
    return CLOCK.speed


def reset(body: dict[str, Any]) -> str:
    """Forgets machines, executions, logs and scripts."""
    moto_api_backend.reset()
    WORLD.clear()
    SALES.clear()
    return "empty"


def controls() -> dict[str, Callable[[dict[str, Any]], Any]]:
    """The control paths."""
    paths = {
        "lambda": script,
        "seed": seed,
        "replicate": replicate,
        "listing": list_as,
        "logs": logs.put,
        "clock": run_clock,
        "products": SALES.sell,
        "usage": SALES.bill,
        "asked": lambda _: dict(SALES.asked),
        "reset": reset,
    }
    return {f"/standin/{name}": control for name, control in paths.items()}


class ControlledApp:
    """The WSGI application: control paths first, everything else is AWS."""

    def __init__(self, aws: Any) -> None:
        self.aws, self.controls = aws, controls()

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        control = self.controls.get(environ.get("PATH_INFO", ""))
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if control is None and target in TARGETS:
            control = partial(SALES.answer, target)
        if control is None:
            answered: Iterable[bytes] = self.aws(environ, start_response)
            return answered
        status, body = _controlled(control, environ)
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]


def _controlled(control: Callable[[dict[str, Any]], Any], environ: Environ) -> tuple[str, bytes]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    try:
        return "200 OK", json.dumps(control(json.loads(body or b"{}"))).encode()
    except (KeyError, TypeError, ValueError) as wrong:
        return "400 Bad Request", json.dumps({"error": f"{type(wrong).__name__}: {wrong}"}).encode()


def end_with_parent() -> None:
    """Ends this process when its standard input closes, so that no test leaves a server behind."""

    def watch() -> None:
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def serve(speed: float) -> None:
    """Serves on a free port of loopback until the parent is gone."""
    logging.disable(logging.CRITICAL)  # failing workflows are what this server is for
    install(speed)
    app = ControlledApp(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    os.environ["MOTO_PORT"] = str(server.port)  # where the interpreter's own clients go
    end_with_parent()
    sys.stdout.write(f"http://127.0.0.1:{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(description="The API stand-in")
    parser.add_argument("--speed", type=float, default=1.0, help="how many times shorter waits are")
    serve(parser.parse_args().speed)


if __name__ == "__main__":
    main()
