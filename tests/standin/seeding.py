"""Executions put into the stand-in without running: given whole, or copied from one that ran."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from tests.standin.reads import _events, _outcome
from tests.standin.world import WORLD, SeededExecution, instant

SPREAD = 0.35
"""Sigma of the log-normal factor between a copy's duration and the original's."""


def seed(body: dict[str, Any]) -> int:
    """Adds executions to a machine: `{"stateMachineArn", "executions": [...]}`; the number added.

    An execution has name, status, startDate, events, and may have stopDate, input, output, error, cause, redriveCount,
    redriveDate, stateMachineVersionArn, stateMachineAliasArn, mapRuns (as DescribeMapRun answers) and ran (members of
    DescribeStateMachineForExecution that differ from the machine of today). The same name replaces.
    """
    for given in body["executions"]:
        WORLD.add_seeded(_seeded(body["stateMachineArn"], given))
    return len(body["executions"])


def _seeded(machine_arn: str, given: dict[str, Any]) -> SeededExecution:
    arn = f"{machine_arn.replace(':stateMachine:', ':execution:')}:{given['name']}"
    dates = {name: instant(given[name]) for name in ("stopDate", "redriveDate") if given.get(name) is not None}
    return SeededExecution(
        execution_arn=arn,
        state_machine_arn=machine_arn,
        name=given["name"],
        status=given["status"],
        start_date=instant(given["startDate"]),
        stop_date=dates.get("stopDate"),
        events=given["events"],
        execution_input=given.get("input", "{}"),
        output=given.get("output"),
        error=given.get("error"),
        cause=given.get("cause"),
        redrive_count=given.get("redriveCount", 0),
        redrive_date=dates.get("redriveDate"),
        version_arn=given.get("stateMachineVersionArn"),
        alias_arn=given.get("stateMachineAliasArn"),
        ran=given.get("ran"),
        map_runs=[_map_run(arn, run) for run in given.get("mapRuns", [])],
    )


def _map_run(execution_arn: str, given: dict[str, Any]) -> dict[str, Any]:
    dates = {name: instant(given[name]) for name in ("startDate", "stopDate") if name in given}
    machine = given["mapRunArn"].replace(":mapRun:", ":stateMachine:").rpartition(":")[0]
    return {"executionArn": execution_arn, "stateMachineArn": machine, "redriveCount": 0} | given | dates


def replicate(body: dict[str, Any]) -> int:
    """Copies executions that ran: `{"executionArns", "count", "start", "end", "stretch"?, "prefix"?, "seed"?}`.

    Copies start evenly at random between start and end (epoch seconds or ISO 8601); the clock of each is stretched by
    a log-normal factor times one out of `stretch` (lowest, highest).
    """
    dice = random.Random(body.get("seed", 7))
    originals = [_original(arn) for arn in body["executionArns"]]
    begin, end = instant(body["start"]).timestamp(), instant(body["end"]).timestamp()
    for number in range(body["count"]):
        original = dice.choice(originals)
        stretch = dice.lognormvariate(0, SPREAD) * dice.uniform(*body.get("stretch", (1, 1)))
        name = f"{body.get('prefix', 'copy')}-{number:06d}"
        WORLD.add_seeded(_copy(original, name, dice.uniform(begin, end), stretch))
    return int(body["count"])


def _original(arn: str) -> SeededExecution:
    """An execution that ran, as a seeded one whose events are relative to its start."""
    row = WORLD.execution(arn)
    if row is None or row.stop_date is None:
        raise ValueError(f"{arn} is not a finished execution of this stand-in")
    began = instant(row.start_date)
    events = [
        ({k: v for k, v in event.items() if k != "timestamp"}, (instant(event["timestamp"]) - began).total_seconds())
        for event in _events(row)
    ]
    return SeededExecution(
        execution_arn=arn,
        state_machine_arn=row.state_machine_arn,
        name=row.name,
        status=row.status,
        start_date=began,
        stop_date=instant(row.stop_date),
        events=events,
        execution_input=row.execution_input,
        output=_outcome(row).get("output"),
        error=row.error,
        cause=row.cause,
    )


def _copy(original: SeededExecution, name: str, start: float, stretch: float) -> SeededExecution:
    took = (instant(original.stop_date) - original.start_date).total_seconds()
    return replace(
        original,
        execution_arn=f"{original.execution_arn.rpartition(':')[0]}:{name}",
        name=name,
        start_date=instant(round(start, 3)),
        stop_date=instant(round(start + took * stretch, 3)),
        stretch=stretch,
    )
