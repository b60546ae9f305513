"""A folder of recordings, expanded: every execution that its plan says, with its history on its own clock.

The folder's files are described in sample_data/README.md. Dates inside are milliseconds; they become datetimes here.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

from store.errors import MisuseError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DATES = frozenset(("startDate", "stopDate", "redriveDate", "updateDate", "creationDate", "timestamp"))
MIDNIGHT = datetime.min.time()


def moment(ms: int) -> datetime:
    """Milliseconds since 1970 as boto3 gives a date: aware."""
    return EPOCH + timedelta(milliseconds=ms)


class Clock(NamedTuple):
    """How a recording's time becomes an execution's: where it begins in each, and the stretch."""

    recorded_ms: int
    start_ms: int
    stretch: float

    def ms(self, recorded_ms: int) -> int:
        """The execution's time for a time of the recording."""
        return self.start_ms + round((recorded_ms - self.recorded_ms) * self.stretch)

    def dated(self, answer: dict[str, Any]) -> dict[str, Any]:
        """The answer with its dates on this clock."""
        return {name: moment(self.ms(value)) if name in DATES else value for name, value in answer.items()}


@dataclass(frozen=True)
class Execution:
    """One execution of a STANDARD machine: the answers recorded for it, its clock, and its own names.

    `names` replaces texts of the recording: the name of the run that was recorded, those of its parent or children,
    and what carries their dates.
    """

    recorded: dict[str, Any]
    clock: Clock
    names: tuple[tuple[str, str], ...]
    is_alone: bool

    @cached_property
    def described(self) -> dict[str, Any]:
        """DescribeExecution without payloads."""
        return self.clock.dated(self._renamed(self.recorded["described"]))

    @property
    def machine_arn(self) -> str:
        """ARN of its machine."""
        return str(self.recorded["described"]["stateMachineArn"])

    @property
    def revision_id(self) -> str | None:
        """The revisionId that DescribeStateMachineForExecution gave; None for a machine's first revision."""
        found: str | None = self.recorded["revisionId"]
        return found

    def events(self) -> list[dict[str, Any]]:
        """Its history, oldest event first. Details are shared between copies: not to be changed."""
        events = self.recorded["events"] if self.is_alone else self._renamed(self.recorded["events"])
        ms = self.clock.ms
        return [{**event, "timestamp": moment(ms(event["timestamp"]))} for event in events]

    def map_runs(self) -> list[dict[str, Any]]:
        """DescribeMapRun of each Distributed Map it ran, with the `stateMachineArn` that ListMapRuns adds."""
        return [self.clock.dated(self._renamed(run)) for run in self.recorded["mapRuns"]]

    def _renamed(self, answer: Any) -> Any:
        text = json.dumps(answer, ensure_ascii=False)
        for old, new in self.names:
            text = text.replace(old, new)
        return json.loads(text)


class About(NamedTuple):
    """What a page says about replayed recordings.

    `recorded` executions truly ran against the stand-in; `executions` are those recordings and copies of them with a
    stretched clock. The dates are those of the first and last start, after shifting by `shifted_days`.
    """

    recorded: int
    executions: int
    first_day: date
    last_day: date
    shifted_days: int

    @property
    def sentence(self) -> str:
        """The same in words."""
        plural = "" if abs(self.shifted_days) == 1 else "s"
        shift = f", moved by {self.shifted_days} day{plural}" if self.shifted_days else ""
        return (
            f"Sample data: {self.recorded} executions that ran on a stand-in of AWS, repeated with a stretched clock"
            f" as {self.executions:,} from {self.first_day} to {self.last_day}{shift}."
        )


class Recordings:
    """The files of a folder, and what they expand to when the last start is to be on the day before `now`."""

    def __init__(self, folder: Path, now: date | None = None) -> None:
        self.machines = _lines(folder / "machines.jsonl.zst")
        self._recorded = _lines(folder / "recordings.jsonl.zst")
        [self._plan] = _lines(folder / "plan.json.zst")
        first = date.fromisoformat(self._plan["first_day"])
        last = first + timedelta(days=self._plan["days"] - 1)
        self.shifted_days = (now - timedelta(days=1) - last).days if now else 0
        self._midnight = datetime.combine(first + timedelta(days=self.shifted_days), MIDNIGHT, tzinfo=UTC)
        self._midnight_ms = round(self._midnight.timestamp() * 1000)

    @cached_property
    def executions(self) -> list[Execution]:
        """Every execution of a STANDARD machine."""
        return [execution for row in self._rows("members") for execution in self._expanded(*row)]

    def revised(self, machine: str) -> list[datetime]:
        """When each revision of a machine was deployed; the first is its creation."""
        return [moment(self._midnight_ms + ms) for ms in self._plan["revised"][machine]]

    def log_lines(self) -> Iterator[str]:
        """The log records of the EXPRESS machines as CloudWatch Logs gives their messages, by time."""
        records = [record for row in self._rows("records") for record in self._logged(*row)]
        for record in sorted(records, key=lambda one: (one["event_timestamp"], one["execution_arn"], int(one["id"]))):
            yield json.dumps(record, ensure_ascii=False)

    def about(self) -> About:
        """What was recorded and what it stands for."""
        logged = sum(1 for _ in self._rows("records"))
        days = self._midnight.date(), self._midnight.date() + timedelta(days=self._plan["days"] - 1)
        truly_run = sum(len(recording.get("members", (None,))) for recording in self._recorded)
        return About(truly_run, len(self.executions) + logged, *days, self.shifted_days)

    def _rows(self, kind: str) -> Iterator[tuple[Any, Clock, str]]:
        """Planned executions whose recording has `members` or `records`: those, the clock, the name."""
        for number, start_ms, stretch, name in self._plan["executions"]:
            recorded = self._recorded[number].get(kind)
            if recorded:
                began = _began(recorded[0])
                yield recorded, Clock(began, self._midnight_ms + start_ms, stretch), name

    def _expanded(self, members: list[dict[str, Any]], clock: Clock, name: str) -> Iterator[Execution]:
        """An execution and its children, which keep their place in their parent's time."""
        names = _names(members, clock, name)
        is_alone = len(members) == 1 and not members[0]["mapRuns"]
        for member in members:
            yield Execution(member, clock, names, is_alone)

    def _logged(self, records: list[str], clock: Clock, name: str) -> Iterator[dict[str, Any]]:
        for record in map(json.loads, records):
            arn = ":".join([*record["execution_arn"].split(":")[:7], name, _derived(name, "express")])
            yield record | {"execution_arn": arn, "event_timestamp": str(clock.ms(int(record["event_timestamp"])))}


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        text = zstandard.ZstdDecompressor().decompress(path.read_bytes())
    except (OSError, zstandard.ZstdError) as missing:
        raise MisuseError(f"{path} is no file of recordings: {missing}", "Name a folder of recordings.") from missing
    return [json.loads(line) for line in text.splitlines()]


def _began(recorded: Any) -> int:
    """When a recording began: the start of an execution, or the first of its log records."""
    if isinstance(recorded, str):
        return int(json.loads(recorded)["event_timestamp"])
    return int(recorded["described"]["startDate"])


def _derived(name: str, part: str) -> str:
    """A made-up identifier that is always the same for the same execution."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{part}"))


def _names(members: list[dict[str, Any]], clock: Clock, name: str) -> tuple[tuple[str, str], ...]:
    """What to replace in the recording's texts: names, Map Run ids, and dates that a child's failure quotes."""
    replaced = [(members[0]["described"]["name"], name)]
    for child in members[1:]:
        described = child["described"]
        dates = [described[key] for key in ("startDate", "stopDate") if key in described]
        replaced += [(described["name"], _derived(name, described["stateMachineArn"]))]
        replaced += [(f'Date\\": {ms}', f'Date\\": {clock.ms(ms)}') for ms in dates]
    runs = [run["mapRunArn"].rpartition(":")[2] for member in members for run in member["mapRuns"]]
    return (*replaced, *((run, _derived(name, run)) for run in runs))
