"""Files to import: executions as NDJSON, and log records, of as many events as wanted. Deterministic by the seed.

    python -m benchmarks.exports histories [--events N] [--payloads] [--times iso|epoch] [--as-recorded] [--out FILE]
    python -m benchmarks.exports records [--events N] [--out FILE]

Histories are one execution a line, as `stepscope import` documents them; records are one a line in the order of their
time, so that those of executions that run side by side are mixed, as in a log group.
"""

from __future__ import annotations

import argparse
import heapq
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

from benchmarks.crowd import Deck, Execution, days_of
from benchmarks.million import DATA, SEED
from benchmarks.templates import EXPRESS, SHOPS, Recorded, as_record, recordings, with_payload

EVENTS = 1_000_000
SEOUL = timezone(timedelta(hours=9))


class Written(NamedTuple):
    """What a file holds."""

    executions: int
    events: int


def as_iso(at: int) -> bytes:
    """A time as the AWS CLI prints it, in quotes."""
    moment = datetime.fromtimestamp(at // 1000, UTC).astimezone(SEOUL).replace(microsecond=at % 1000 * 1000)
    return b'"%b"' % moment.isoformat(timespec="microseconds").encode()


def as_epoch(at: int) -> bytes:
    """A time as the API sends it: seconds."""
    return b"%d.%03d" % divmod(at, 1000)


TIMES: dict[str, Callable[[int], bytes]] = {"iso": as_iso, "epoch": as_epoch}


def _recordings(*, express: bool) -> list[Recorded]:
    everything = (recorded for shop in SHOPS for recorded in recordings(shop))
    return [recorded for recorded in everything if recorded.machine_arn.endswith(EXPRESS) == express]


def _executions(deck: Deck, events: int, seed: int) -> Iterator[Execution]:
    """Executions by start, spread over all days, with so many events together, or a few more."""
    for day, count in days_of(round(events / deck.mean_events * 1.05) + 90):
        for execution in deck.of_day(day, count, seed):
            if events <= 0:
                return
            events -= len(execution.order)
            yield execution


def write_histories(
    path: Path,
    events: int,
    *,
    payloads: bool = False,
    times: str = "iso",
    as_recorded: bool = False,
    seed: int = SEED,
) -> Written:
    """Write executions as NDJSON, with inputs and outputs or without; interleaved, or all `as_recorded`."""
    deck = Deck(_recordings(express=False), with_payload if payloads else dict)
    path.parent.mkdir(parents=True, exist_ok=True)
    written = Written(0, 0)
    with path.open("wb") as file:
        for drawn in _executions(deck, events, seed):
            execution = drawn._replace(order=range(len(drawn.order))) if as_recorded else drawn
            file.write(_line(execution, TIMES[times]))
            written = Written(written.executions + 1, written.events + len(execution.order))
    return written


def _line(execution: Execution, spelled: Callable[[int], bytes]) -> bytes:
    described = {
        "name": execution.name,
        "executionArn": execution.arn,
        "stateMachineArn": execution.recorded.machine_arn,
        "status": execution.recorded.described["status"],
    }
    opening = json.dumps(described, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
    first, last = (spelled(at) for at in (execution.times[0], execution.times[-1]))
    events = b",".join(execution.events(spelled))
    return b'%b,"startDate":%b,"stopDate":%b,"events":[%b]}\n' % (opening, first, last, events)


def write_records(path: Path, events: int, seed: int = SEED) -> Written:
    """Write the records of a log group that Express machines share, by time."""
    deck = Deck(_recordings(express=True), as_record)
    path.parent.mkdir(parents=True, exist_ok=True)
    executions, records = 0, 0
    with path.open("wb") as file:
        for execution in by_time(_executions(deck, events, seed)):
            file.write(execution)
            records += 1
            executions += b'"type":"ExecutionStarted"' in execution
    return Written(executions, records)


def by_time(executions: Iterator[Execution]) -> Iterator[bytes]:
    """The records of executions that come by start, by their own time; one still to come began later."""
    waiting: list[tuple[int, str, int, bytes]] = []
    for execution in executions:
        while waiting and waiting[0][0] < execution.start_ms:
            yield heapq.heappop(waiting)[-1]
        for number, (at, record) in enumerate(zip(execution.times, _records(execution), strict=True)):
            heapq.heappush(waiting, (at, execution.name, number, record))
    while waiting:
        yield heapq.heappop(waiting)[-1]


def _records(execution: Execution) -> Iterator[bytes]:
    """The records of an execution, one line each."""
    closing = b',"execution_arn":"%b"}\n' % execution.arn.encode()
    return (record[:-1] + closing for record in execution.events(b"%d".__mod__))


def main() -> None:
    """Write the file that the command line asks for."""
    parser = argparse.ArgumentParser(description="Files to import.")
    parser.add_argument("kind", choices=("histories", "records"))
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--payloads", action="store_true", help="with inputs and outputs")
    parser.add_argument("--as-recorded", action="store_true", help="branches always interleave as when recorded")
    parser.add_argument("--times", choices=tuple(TIMES), default="iso")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    path = asked.out or DATA / f"{asked.kind}.jsonl"
    if asked.kind == "records":
        print(write_records(path, asked.events, asked.seed))
    else:
        options = {name: getattr(asked, name) for name in ("payloads", "times", "as_recorded", "seed")}
        print(write_histories(path, asked.events, **options))


if __name__ == "__main__":
    main()
