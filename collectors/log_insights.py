"""Express executions counted by CloudWatch Logs Insights, day after day, where their records are too many to read.

AWS bills the bytes that a query scans: https://aws.amazon.com/cloudwatch/pricing/. A day is counted once, when all of
its records should be there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from collectors.api import Api
from collectors.arns import parts_of
from store.errors import CutAnswerError, RefusedError
from store.migrations import MS_PER_DAY
from store.queue import EXPRESS_LIMIT_MS

POLL_SECONDS = 1.0
MOST_POLLS = 3_600
"""A query ends after an hour, says AWS."""

LATE_MS = 10 * 60_000
"""How much later than its end a day is counted: records may arrive that much late."""

MOST_ROWS = 10_000
STATUSES = {"succeeded": "SUCCEEDED", "failed": "FAILED", "timed_out": "TIMED_OUT", "aborted": "ABORTED"}
FIGURES = ("executions", "duration_ms", "p50_ms", "p95_ms", "p99_ms", "max_ms")

QUERY = """
filter type in ["ExecutionStarted", "ExecutionSucceeded", "ExecutionFailed", "ExecutionTimedOut", "ExecutionAborted"]
| parse execution_arn /^(?<machine>arn:[^:]*:states:[^:]*:[^:]*:express:[^:]*):/
| stats min(event_timestamp) as begun, max(event_timestamp) as ended,
    max(strcontains(type, "Started")) as started, max(strcontains(type, "Succeeded")) as succeeded,
    max(strcontains(type, "Failed")) as failed, max(strcontains(type, "TimedOut")) as timed_out,
    max(strcontains(type, "Aborted")) as aborted by machine, execution_arn
| filter started = 1 and begun >= {first} and begun <= {last}
| stats count(*) as executions, sum(ended - begun) as duration_ms, pct(ended - begun, 50) as p50_ms,
    pct(ended - begun, 95) as p95_ms, pct(ended - begun, 99) as p99_ms, max(ended - begun) as max_ms
    by machine, succeeded, failed, timed_out, aborted
"""


class Count(NamedTuple):
    """Executions of a machine that ended alike; the figures are those of `FIGURES`."""

    machine: str
    status: str
    figures: tuple[int, ...]


class Counts(NamedTuple):
    """What a query found, and the bytes that it scanned."""

    rows: list[Count]
    bytes_scanned: int


def whole_days(begin: int, now: int) -> range:
    """The UTC days, as days since 1970, from that of `begin` to the last one of which all records should be there."""
    return range(begin // MS_PER_DAY, (now - LATE_MS - EXPRESS_LIMIT_MS) // MS_PER_DAY)


def counts_of(api: Api, group: str, day: int, sleep: Callable[[float], None] = time.sleep) -> Counts:
    """The executions that began on a day. Raises `RefusedError` for a query that failed, and what `Api.call` raises."""
    first, last = day * MS_PER_DAY, (day + 1) * MS_PER_DAY - 1
    query_id = api.call(
        "StartQuery",
        logGroupName=group,
        startTime=first // 1_000,
        endTime=(last + EXPRESS_LIMIT_MS) // 1_000,
        queryString=QUERY.format(first=first, last=last),
        limit=MOST_ROWS,
    )["queryId"]
    for _ in range(MOST_POLLS):
        answer = api.call("GetQueryResults", queryId=query_id)
        if answer["status"] not in ("Scheduled", "Running"):
            return _counts(group, answer)
        sleep(POLL_SECONDS)
    raise CutAnswerError(f"a query of {group} did not end within an hour", operation="GetQueryResults")


def _counts(group: str, answer: dict[str, Any]) -> Counts:
    if answer["status"] != "Complete":
        raise RefusedError(f"a query of {group} ended as {answer['status']}", operation="GetQueryResults")
    scanned = round(float(answer.get("statistics", {}).get("bytesScanned", 0)))
    return Counts(list(_rows(answer["results"])), scanned)


def _rows(results: list[list[dict[str, str]]]) -> Iterator[Count]:
    """Results are lists of fields, all of them text."""
    for result in results:
        cells = {cell["field"]: cell["value"] for cell in result}
        parts = parts_of(cells.get("machine", ""))
        if parts is not None:
            status = next((name for field, name in STATUSES.items() if float(cells[field]) > 0), "UNKNOWN")
            yield Count(parts.machine_arn, status, tuple(round(float(cells[name])) for name in FIGURES))
