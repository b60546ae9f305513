"""A log group whose executions are counted by Logs Insights, and of which only the failures are read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from collectors.log_groups import LONG_AGO_MS, LogGroup, Member, records_read
from collectors.log_insights import counts_of, whole_days
from collectors.pages import pages
from collectors.scope import Scope, counted
from store.imports import ImportedRow
from store.log_days import LogDay, LogQuery, save_log_days
from store.migrations import MS_PER_DAY
from store.passes import Span
from store.queue import EXPRESS_LIMIT_MS

FAILURES = '{ ($.type = "ExecutionFailed") || ($.type = "ExecutionTimedOut") || ($.type = "ExecutionAborted") }'
"""A pattern of CloudWatch Logs: the records that end an execution that failed."""

MOST_TERMS, MOST_SPAN_MS = 20, 3_600_000
"""Executions asked for together: AWS allows patterns of 1,024 characters."""

MARGIN_MS = 60_000


class CountedGroup:
    """One such group in one pass. Its watermark is the end of the last day that was counted."""

    def __init__(
        self, scope: Scope, name: str, members: Sequence[Member], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._scope, self._name, self._members, self._sleep = scope, name, members, sleep
        self._group = LogGroup(scope, name, members)
        self._executions, self._days, self._scanned = 0, 0, 0

    def save(self) -> None:
        """Count each day that is over, and read the failures of those and of today."""
        # A watermark is a moment that was covered itself; what the first reading goes back to is rounded to its day.
        begin = max(min(one.begin for one in self._members) + 1, self._scope.begun_at - LONG_AGO_MS)
        days = whole_days(begin, self._scope.begun_at)
        for day in days:
            self._count(day)
            self._read_failures(Span(day * MS_PER_DAY, (day + 1) * MS_PER_DAY - 1))
            for one in self._members:
                one.cover.listed_from, one.cover.listed_to = one.span.first, (day + 1) * MS_PER_DAY - 1
                self._scope.save(one.cover, is_over=False)
        self._read_failures(Span(max(begin, days.stop * MS_PER_DAY), self._scope.begun_at))
        for one in self._members:
            one.cover.notes.append(self._note())

    def _count(self, day: int) -> None:
        found = counts_of(self._scope.connection.api, self._name, day, self._sleep)
        ids = {one.machine.arn: one.machine.id for one in self._members}
        rows = [LogDay(ids[row.machine], day, row.status, *row.figures) for row in found.rows if row.machine in ids]
        region = self._members[0].machine.arn.split(":")[3]
        query = LogQuery(self._scope.pass_id, region, self._name, day, self._scope.clock(), found.bytes_scanned)
        save_log_days(self._scope.store.db, rows, query)
        self._days += 1
        self._executions += sum(row.executions for row in rows)
        self._scanned += found.bytes_scanned

    def _read_failures(self, span: Span) -> None:
        ends: list[ImportedRow] = []
        asked = {"logGroupName": self._name, "startTime": span.first, "endTime": span.last}
        for page in pages(self._scope.connection.api, "FilterLogEvents", "events", filterPattern=FAILURES, **asked):
            ends += records_read(self._name, [str(event.get("message", "")) for event in page]).parts
        machines = {one.machine.arn for one in self._members}
        for batch in batches([row for row in ends if row.machine in machines]):
            times = Span((batch[0].first_at or 0) - EXPRESS_LIMIT_MS - MARGIN_MS, (batch[-1].first_at or 0) + MARGIN_MS)
            self._group.read(times, filterPattern=" ".join(f'?"{_tail(row)}"' for row in batch))
        self._group.keep_rest()

    def _note(self) -> str:
        executions, days = counted(self._executions, "execution"), counted(self._days, "day")
        return (
            f"{executions} of {days} counted by Logs Insights, which scanned {self._scanned / 1e6:,.1f} MB in the log"
            " group; only failures are kept one by one"
        )


def _tail(row: ImportedRow) -> str:
    return row.arn.rpartition(":")[2]


def batches(rows: Sequence[ImportedRow]) -> Iterator[list[ImportedRow]]:
    """Failed executions that can be asked for together, by the time of their end."""
    batch: list[ImportedRow] = []
    for row in sorted(rows, key=lambda row: row.first_at or 0):
        is_far = bool(batch) and (row.first_at or 0) - (batch[0].first_at or 0) > MOST_SPAN_MS
        if len(batch) >= MOST_TERMS or is_far:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
