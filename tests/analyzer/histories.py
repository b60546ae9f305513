"""Short histories to read in a test: written out as recorded, or put together state by state.

recorded('''
    1<-0 ExecutionStarted
    2<-0 TaskStateEntered Charge
    3<-2 TaskScheduled lambda:invoke
''')

history("Charge", fails=2).then("Ship").events
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from analyzer.folding.run import Asl, Run
from analyzer.history import folded
from analyzer.rows import ExecutionRow, rows_of
from store.events import decoded_events
from store.executions import Kept, MapRunRow

STARTED_AT = 1_790_812_800_000

Event = dict[str, Any]

_LINE = re.compile(r"(?P<id>\d+)<-(?P<prev>\d+) (?P<type>\w+)(?: (?!@)(?P<rest>.*?))?(?: @(?P<at>\d+))?$")
_FAILS = re.compile(r"(?P<error>\S+)?(?: at #(?P<entry>\d+))?$")


def recorded(text: str) -> list[Event]:
    """Events of lines `id<-previousEventId Type what @ms`; without a time one event each 100 ms, as its id says.

    `what` is a state's name, an iteration (`Map 0`), a resource (`lambda:invoke`), a Map Run, an error. `Error at #2`
    is an error whose cause names the state entered at event 2; an `EvaluationFailed` names its state: `Total at #2`.
    """
    events = [_event(line.strip()) for line in text.splitlines() if line.strip()]
    names = {event["id"]: event.get("stateEnteredEventDetails", {}).get("name") for event in events}
    for event in events:
        for details in event.values():
            if isinstance(details, dict) and "entry" in details:
                details["cause"] = cause_at(names[entry := details.pop("entry")] or "?", entry)
    return events


def cause_at(state: str, entry: int) -> str:
    """How AWS words the cause of an error of its own."""
    return f"An error occurred while executing the state '{state}' (entered at the event id #{entry}). Invalid path"


def _event(line: str) -> Event:
    found = _LINE.match(line)
    assert found is not None, line
    number = int(found["id"])
    at = int(found["at"]) if found["at"] else number * 100
    event: Event = {"id": number, "previousEventId": int(found["prev"]), "type": found["type"]}
    event["timestamp"] = (STARTED_AT + at) / 1000
    if details := _details(found["type"], found["rest"] or ""):
        event[details_key(found["type"])] = details
    return event


def details_key(event_type: str) -> str:
    """The member of an event that holds its details."""
    if event_type.endswith(("StateEntered", "StateExited")):
        return "stateEnteredEventDetails" if event_type.endswith("Entered") else "stateExitedEventDetails"
    return f"{event_type[0].lower()}{event_type[1:]}EventDetails"


def _details(event_type: str, rest: str) -> Event:
    if event_type.endswith(("StateEntered", "StateExited")):
        return {"name": rest}
    if event_type.startswith("MapIteration"):
        name, _, index = rest.rpartition(" ")
        return {"name": name, "index": int(index)}
    if event_type.endswith("Scheduled"):
        kind, _, resource = rest.partition(":")
        return {"resourceType": kind, "resource": resource} if event_type == "TaskScheduled" else {"resource": rest}
    if event_type.startswith("MapRun") and event_type != "MapRunFailed":
        return {"mapRunArn": rest} if rest else {}
    if event_type == "EvaluationFailed":
        name, _, entry = rest.partition(" at #")
        return {"state": name, "error": "States.QueryEvaluationError"} | ({"entry": int(entry)} if entry else {})
    failure = _FAILS.match(rest)
    if failure is None or not rest:
        return {}
    return {"error": failure["error"]} | ({"entry": int(failure["entry"])} if failure["entry"] else {})


class History(NamedTuple):
    """An execution of one Task after another, as far as it has come. `last` is the event that the next points at."""

    events: list[Event]
    last: int = 0

    def then(self, state: str, fails: int = 0, error: str = "Broken", *, caught: bool = False) -> History:
        """The next Task: it fails so many times, each time tried again; with `caught` the last time is no success."""
        tries = max(fails, 1) if caught else fails + 1
        steps = [("TaskStateEntered", {"name": state})]
        for number in range(1, tries + 1):
            is_failure = number <= fails or caught
            steps += [("TaskScheduled", {"resource": "invoke", "resourceType": "lambda"}), ("TaskStarted", {})]
            steps.append(("TaskFailed", {"error": error}) if is_failure else ("TaskSucceeded", {}))
        return self._with([*steps, ("TaskStateExited", {"name": state})])

    def ended(self, how: str = "Succeeded", error: str | None = None) -> list[Event]:
        """The events with the execution's own last one."""
        return self._with([(f"Execution{how}", {"error": error} if error else {})]).events

    def _with(self, steps: Sequence[tuple[str, Event]]) -> History:
        events, last = list(self.events), self.last
        for event_type, details in steps:
            number = len(events) + 1
            event: Event = {"id": number, "previousEventId": last, "type": event_type}
            event["timestamp"] = (STARTED_AT + number * 100) / 1000
            events.append(event | ({details_key(event_type): details} if details else {}))
            last = number
        return History(events, last)


def history(state: str, fails: int = 0, error: str = "Broken", *, caught: bool = False) -> History:
    """An execution that begins with this Task: see `History.then`."""
    return History(recorded("1<-0 ExecutionStarted")).then(state, fails, error, caught=caught)


def run_of(events: Sequence[Event], asl: Asl | None = None) -> Run:
    """The events, as the API writes them, folded."""
    return folded(decoded_events(json.dumps(events).encode()), asl)


KEPT = Kept(
    id=1,
    machine_id=1,
    arn="arn:1",
    status="RUNNING",
    started_at=None,
    stopped_at=None,
    redrives=0,
    version=None,
    alias=None,
    revision_id=None,
    revision_inferred=None,
    error=None,
    source="api",
    history="saved",
    events=b"",
)


class Answers(NamedTuple):
    """The rows of one execution: `attempts` by event id."""

    execution: ExecutionRow
    attempts: list[dict[str, Any]]

    def shown(self, columns: str) -> list[str]:
        """Some columns of the attempts, a line each: `Charge 1 failed`. Empty is `-`."""
        names = columns.split()
        return [" ".join("-" if row[name] is None else str(row[name]) for name in names) for row in self.attempts]


def answers(
    events: Sequence[Event],
    asl: Asl | None = None,
    *,
    kept: Kept = KEPT,
    map_runs: Sequence[MapRunRow] = (),
    is_billed_by_transition: bool = True,
) -> Answers:
    """The rows that events give. A Task calls what its schedule says, its pattern is the type of that resource."""
    by_arn = {row.arn: row for row in map_runs}
    rows = rows_of(kept, run_of(events, asl), _called, by_arn, is_billed_by_transition=is_billed_by_transition)
    return Answers(rows.execution, sorted((row._asdict() for row in rows.attempts), key=lambda row: row["event_id"]))


def _called(state: str, kind: str | None, resource: str | None) -> tuple[str | None, str | None, str | None]:
    return resource, None, kind
