"""What a test holds of the stand-in: its address, and words for what tests do with it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

ROOT = Path(__file__).parents[2]
ACCOUNT, REGION = "123456789012", "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/states"
QUIET = Config(inject_host_prefix=False, retries={"total_max_attempts": 1})
SESSION = boto3.Session("testing", "testing")
"""Keeps the service models, which take longer to load than anything that a test asks."""
PATIENCE_S = 60.0
FAREWELL_S = 5.0


class Service:
    """A process that serves on loopback, prints its address first and ends when its standard input closes."""

    def __init__(self, module: str, *options: str) -> None:
        command = [sys.executable, "-m", module, *options]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.endpoint = self.process.stdout.readline().strip()
        self._clients: dict[tuple[str, str, Config], Any] = {}
        if not self.endpoint:
            self.stop()
            raise RuntimeError(f"{' '.join(command)} ended with {self.process.returncode} before it served")

    def post(self, path: str, body: Any) -> Any:
        """The JSON answer of a control path; a refusal raises with its reason."""
        request = urllib.request.Request(f"{self.endpoint}{path}", json.dumps(body).encode())
        try:
            with urllib.request.urlopen(request) as answered:
                return json.load(answered)
        except urllib.error.HTTPError as refused:
            with refused:
                raise ValueError(refused.read().decode()) from None

    def client(self, service: str = "stepfunctions", *, region: str = REGION, config: Config = QUIET) -> Any:
        """A boto3 client of this endpoint; without retries unless `config` says so."""
        key = service, region, config
        if key not in self._clients:
            create: Any = SESSION.client
            self._clients[key] = create(service, region, endpoint_url=self.endpoint, config=config)
        return self._clients[key]

    def stop(self) -> None:
        """Ends the process and waits for it."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self.process.wait(timeout=FAREWELL_S)
        except subprocess.TimeoutExpired:  # a fork of ours still holds its standard input
            self.process.kill()
            self.process.wait()


class Standin(Service):
    """The stand-in: machines that run, functions that are scripted, executions that are seeded.

    `speed` divides every wait: Retry, Wait, timeouts, scripted latencies.
    """

    def __init__(self, speed: float = 20) -> None:
        super().__init__("tests.standin.server", f"--speed={speed}")
        self.speed = speed
        self.states: Any = self.client()

    def reset(self) -> None:
        """Forgets everything, as after a start."""
        self.post("/standin/reset", {})

    def run_clock(self, speed: float) -> None:
        """Sets how quick dates run; at the `speed` of the waits, durations come out as the definition says."""
        self.post("/standin/clock", {"speed": speed})

    def create_machine(
        self, name: str, definition: Any, *, type: str = "STANDARD", logging: dict[str, Any] | None = None, **more: Any
    ) -> str:
        """ARN of a new machine; `definition` is ASL as text or as a dict, `logging` a loggingConfiguration."""
        optional = more | ({"loggingConfiguration": logging} if logging else {})
        made = self.states.create_state_machine(
            name=name, definition=_text(definition), roleArn=ROLE, type=type, **optional
        )
        return str(made["stateMachineArn"])

    def update_machine(self, arn: str, definition: Any, **more: Any) -> str:
        """Gives a machine a new revision; its revisionId."""
        self.states.update_state_machine(stateMachineArn=arn, definition=_text(definition), **more)
        return str(self.states.describe_state_machine(stateMachineArn=arn)["revisionId"])

    def run(self, arn: str, input: Any = None, name: str | None = None) -> str:
        """ARN of a started execution."""
        named = {"name": name} if name else {}
        started = self.states.start_execution(stateMachineArn=arn, input=json.dumps(input or {}), **named)
        return str(started["executionArn"])

    def wait(self, arns: str | Iterable[str], patience_s: float = PATIENCE_S) -> list[str]:
        """Waits until executions ended; their statuses."""
        end = time.monotonic() + patience_s
        return [self._status(arn, end) for arn in ([arns] if isinstance(arns, str) else arns)]

    def _status(self, arn: str, end: float) -> str:
        pause = 0.005
        while (status := self.states.describe_execution(executionArn=arn)["status"]) == "RUNNING":
            if time.monotonic() > end:
                raise TimeoutError(f"{arn} still runs")
            time.sleep(pause)
            pause = min(pause * 2, 0.1)
        return str(status)

    def history(self, arn: str, **more: Any) -> list[dict[str, Any]]:
        """Every event of an execution, as boto3 gives them."""
        pages = self.states.get_paginator("get_execution_history").paginate(executionArn=arn, **more)
        return [event for page in pages for event in page["events"]]

    def lambda_(self, name: str, **behaviour: Any) -> str:
        """Scripts a function; its ARN.

        Time: latency_ms (lowest, highest), slow_rate and slow_ms. Failure: error and message with fail_rate or
        fail_first (calls), errors ([error, message, rate] each; `{id}` becomes a fresh number), fail_when (text in the
        payload to [error, message]), throttle_rate, missing. Answer: returns, or one_of with weights, else its payload;
        callback_ms and callback_fail_rate answer the task token in its payload's `token`.
        """
        self.post("/standin/lambda", {name: behaviour})
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"

    def seed(self, machine_arn: str, executions: Sequence[dict[str, Any]]) -> None:
        """Adds executions that never ran: see `seeding.seed`."""
        self.post("/standin/seed", {"stateMachineArn": machine_arn, "executions": _plain(executions)})

    def log(self, group: str, events: Sequence[tuple[int, str]]) -> str:
        """Adds messages with their times, in milliseconds, to a log group; its ARN."""
        listed = [{"timestamp": at, "message": message} for at, message in events]
        self.post("/standin/logs", {"account": ACCOUNT, "region": REGION, "group": group, "events": listed})
        return f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{group}:*"

    def replicate(self, execution_arns: Sequence[str], count: int, start: Any, end: Any, **more: Any) -> None:
        """Copies executions that ran, spread over a time: see `seeding.replicate`."""
        body = {"executionArns": list(execution_arns), "count": count, "start": start, "end": end}
        self.post("/standin/replicate", _plain(body | more))

    def listing(self, *, order: str = "start", hidden: Iterable[str] = (), stale: Iterable[str] = ()) -> None:
        """Sets how ListExecutions answers: its order, and which ARNs it does not show yet or still shows as running."""
        self.post("/standin/listing", {"order": order, "hidden": list(hidden), "stale": list(stale)})

    def sell(self, products: Sequence[Any], page: int = 100) -> None:
        """Sets what the Price List API sells, in pages of so many products."""
        self.post("/standin/products", {"products": list(products), "page": page})

    def bill(self, usage: Sequence[dict[str, Any]]) -> None:
        """Sets what Cost Explorer says was used: rows of day, region, usage_type, quantity."""
        self.post("/standin/usage", {"usage": list(usage)})

    def asked(self) -> dict[str, int]:
        """How often the Price List API and Cost Explorer were asked, by operation."""
        counted: dict[str, int] = self.post("/standin/asked", {})
        return counted


class QuotaProxy(Service):
    """A proxy in front of an endpoint: see `proxy` for quotas, faults and counters."""

    def __init__(self, upstream: str, seed: int | None = None) -> None:
        super().__init__("tests.standin.proxy", upstream, *([] if seed is None else [f"--seed={seed}"]))

    def configure(self, **config: Any) -> None:
        """Sets quotas, faults, latency_ms, background, list_lag_s, token_valid_s; the rest stays."""
        self.post("/_proxy/config", config)

    def reset(self, **named: bool) -> None:
        """Forgets stats, buckets or faults, as named; all when none is."""
        self.post("/_proxy/reset", named)

    def stats(self) -> dict[str, Any]:
        """Counters since the last reset."""
        counted: dict[str, Any] = self.post("/_proxy/stats", {})
        return counted

    def calls(self) -> dict[str, int]:
        """How often each operation was called since the last reset."""
        return {operation: counts["calls"] for operation, counts in self.stats()["ops"].items()}


def _text(definition: Any) -> str:
    return definition if isinstance(definition, str) else json.dumps(definition, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """The value with its datetimes as ISO 8601 text."""
    return json.loads(json.dumps(value, default=lambda moment: moment.isoformat()))
