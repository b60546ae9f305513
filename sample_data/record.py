"""Runs the scenario against the stand-in and keeps what its API answered.

    python -m sample_data.record

Only needed when the workflows change: it takes some minutes and wants the development requirements. What it writes is
described in README.md beside it. Nothing in the recordings is written by hand.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import zstandard

from sample_data.scenario import (
    ACCOUNT,
    EXPRESS,
    LOG_GROUP,
    MACHINES,
    PHASES,
    QUEUES,
    REGION,
    TABLE,
    TEAMS,
    TOPICS,
    VERSIONED,
    Phase,
    Runs,
)
from tests.standin.handle import Standin

FOLDER = Path(__file__).parent
SPEED = 10
AT_ONCE = 4
PAUSING = ("nightly-report", "refund-approval")
"""Machines whose runs mostly wait: all of theirs run beside the others."""
LOG_EVERYTHING = {
    "level": "ALL",
    "includeExecutionData": False,
    "destinations": [
        {"cloudWatchLogsLogGroup": {"logGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{LOG_GROUP}:*"}}
    ],
}
Started = tuple[Phase, Runs, str]


class Recorder:
    """A stand-in with the scenario's machines, and what was started on it."""

    def __init__(self, standin: Standin) -> None:
        self.standin = standin
        self.arns: dict[str, str] = {}
        self.started: list[Started] = []
        self.left: dict[str, dict[str, Any]] = {}

    def prepare(self) -> None:
        """Makes the queues, topics and tables that the workflows call, then the machines."""
        for name in QUEUES:
            self.standin.client("sqs").create_queue(QueueName=name)
        for name in TOPICS:
            self.standin.client("sns").create_topic(Name=name)
        self.standin.client("dynamodb").create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        for name, file in MACHINES.items():
            more: dict[str, Any] = {"type": "EXPRESS", "logging": LOG_EVERYTHING} if name == EXPRESS else {}
            more["tags"] = [{"key": "team", "value": TEAMS.get(name, "shop")}]
            self.arns[name] = self.standin.create_machine(name, definition(file), **more)
        self._publish(VERSIONED)

    def _publish(self, machine: str) -> None:
        """Publishes the current revision and points the alias `live` at it."""
        states, arn = self.standin.states, self.arns[machine]
        version = states.publish_state_machine_version(stateMachineArn=arn)["stateMachineVersionArn"]
        routes = [{"stateMachineVersionArn": version, "weight": 100}]
        if version.endswith(":1"):
            states.create_state_machine_alias(name="live", routingConfiguration=routes)
        else:
            states.update_state_machine_alias(stateMachineAliasArn=f"{arn}:live", routingConfiguration=routes)

    def play(self, phase: Phase) -> None:
        """Scripts the functions, deploys, and runs everything of the phase to its end."""
        for name, behaviour in phase.functions.items():
            self.standin.lambda_(name, **behaviour)
        for machine, file in phase.deploys.items():
            self.standin.update_machine(self.arns[machine], definition(file))
            self._publish(machine)
        pausing = [self._start(phase, runs) for runs in one_by_one(phase) if runs.machine in PAUSING]
        quick = [runs for runs in one_by_one(phase) if runs.machine not in PAUSING]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda runs: self._run(phase, runs), quick))
        for runs, arn in sorted(pausing, key=lambda one: one[0].after_s or float("inf")):
            self._see_off(runs, arn)

    def _start(self, phase: Phase, runs: Runs) -> tuple[Runs, str]:
        alias = ":live" if runs.machine == VERSIONED else ""
        arn = self.standin.run(self.arns[runs.machine] + alias, runs.input)
        self.started.append((phase, runs, arn))
        return runs, arn

    def _run(self, phase: Phase, runs: Runs) -> None:
        _, arn = self._start(phase, runs)
        if runs.machine == EXPRESS:
            time.sleep(1)  # an EXPRESS run cannot be asked whether it ended
        else:
            self.standin.wait(arn)

    def _see_off(self, runs: Runs, arn: str) -> None:
        """Waits for a run that pauses; stops it, or keeps it as it is, when the scenario says so."""
        if runs.ending == "own":
            self.standin.wait(arn, patience_s=300)
            return
        time.sleep(runs.after_s / SPEED)
        if runs.ending == "stopped":
            self.standin.states.stop_execution(executionArn=arn, error="OperatorStop", cause="stopped by hand: stuck")
        else:
            self.left[arn] = self.member(arn)

    def member(self, arn: str) -> dict[str, Any]:
        """Every answer about one execution, without payloads."""
        states = self.standin.states
        described = states.describe_execution(executionArn=arn, includedData="METADATA_ONLY")
        map_runs = states.list_map_runs(executionArn=arn)["mapRuns"]
        ran = states.describe_state_machine_for_execution(executionArn=arn)
        return {
            "described": answer(described),
            "events": self.standin.history(arn, includeExecutionData=False),
            "mapRuns": [
                answer(states.describe_map_run(mapRunArn=run["mapRunArn"]))
                | {"stateMachineArn": run["stateMachineArn"]}
                for run in map_runs
            ],
            "revisionId": ran.get("revisionId"),
        }

    def recordings(self) -> Iterator[dict[str, Any]]:
        """One recording for each run, in the order of their start; a child is kept with its parent."""
        logged = self._logged()
        for phase, runs, arn in self.started:
            kept: dict[str, Any] = {"machine": runs.machine, "phase": phase.name, "once": runs.once}
            if runs.machine == EXPRESS:
                yield kept | {"records": logged[arn]}
            else:
                arns = [arn, *self._children(arn)]
                yield kept | {"members": [self.left.get(one) or self.member(one) for one in arns]}

    def _children(self, arn: str) -> list[str]:
        """The executions that this one started and waited for."""
        outputs = [
            json.loads(event["taskSubmittedEventDetails"].get("output", "{}"))
            for event in self.standin.history(arn)
            if event["type"] == "TaskSubmitted"
        ]
        return [output["ExecutionArn"] for output in outputs if "ExecutionArn" in output]

    def _logged(self) -> dict[str, list[str]]:
        """The log records of every EXPRESS run, as CloudWatch Logs gives their messages."""
        pages = self.standin.client("logs").get_paginator("filter_log_events").paginate(logGroupName=LOG_GROUP)
        messages = [event["message"] for page in pages for event in page["events"]]
        logged: dict[str, list[str]] = {}
        for message in messages:
            logged.setdefault(json.loads(message)["execution_arn"], []).append(message)
        return {arn: sorted(records, key=lambda one: int(json.loads(one)["id"])) for arn, records in logged.items()}

    def machines(self) -> list[dict[str, Any]]:
        """DescribeStateMachine of each machine, with all its revisions, oldest first."""
        return [self._machine(name) for name in self.arns]

    def _machine(self, name: str) -> dict[str, Any]:
        described = answer(self.standin.states.describe_state_machine(stateMachineArn=self.arns[name]))
        ran = [arn for _, runs, arn in self.started if runs.machine == name and name == VERSIONED]
        answers = [self.standin.states.describe_state_machine_for_execution(executionArn=arn) for arn in ran]
        revisions = {one.get("revisionId"): one["definition"] for one in [*answers, described]}
        tags = self.standin.states.list_tags_for_resource(resourceArn=self.arns[name])["tags"]
        return {
            "described": described,
            "tags": tags,
            "revisions": [{"revisionId": key, "definition": text} for key, text in revisions.items()],
        }


def one_by_one(phase: Phase) -> list[Runs]:
    """The phase's runs, one entry for each, those of the different machines mixed."""
    entries = [(number / runs.count, runs) for runs in phase.runs for number in range(runs.count)]
    return [runs for _, runs in sorted(entries, key=lambda entry: (entry[0], entry[1].machine))]


def definition(file: str) -> str:
    """The text of a definition of this folder."""
    return (FOLDER / "workflows" / f"{file}.asl.json").read_text(encoding="utf-8")


def answer(answered: dict[str, Any]) -> dict[str, Any]:
    """An answer without what boto3 adds to it."""
    return {name: value for name, value in answered.items() if name != "ResponseMetadata"}


def milliseconds(moment: dt.datetime) -> int:
    """How a date is kept: milliseconds since 1970 UTC."""
    return round(moment.timestamp() * 1000)


def write(name: str, rows: list[dict[str, Any]]) -> None:
    """One JSON document a line, compressed."""
    lines = [json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=milliseconds) for row in rows]
    (FOLDER / name).write_bytes(zstandard.ZstdCompressor(level=19).compress("\n".join(lines).encode()))


def main() -> None:
    """Records everything anew."""
    standin = Standin(SPEED)
    standin.run_clock(SPEED)
    recorder = Recorder(standin)
    recorder.prepare()
    for phase in PHASES:
        recorder.play(phase)
    recordings = list(recorder.recordings())
    write("recordings.jsonl.zst", recordings)
    write("machines.jsonl.zst", recorder.machines())
    standin.stop()


if __name__ == "__main__":
    main()
