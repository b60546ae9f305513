"""Executions as AWS lists them: only what is new, whatever order the listing has, and without a hole.

AWS says of ListExecutions that it is eventually consistent, most recent first, running ones by start or redrive, others
by stop. Nothing more is relied on than that a row lies before a moment when each of its dates does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from collectors.arns import tail_of
from collectors.pages import pages
from collectors.scope import Cover, Scope
from store.errors import ExpiredHistoryError
from store.executions import ExecutionRow, note_gone, save_executions
from store.passes import Span, listed_span
from store.queue import REDRIVE_WINDOW_MS, is_redrivable, unfinished

OVERLAP_MS = 10 * 60_000
"""How far the watermark stays behind the pass: executions may show up in the listing that much late."""

OPEN = frozenset({"RUNNING", "PENDING_REDRIVE"})
DATES = ("startDate", "stopDate", "redriveDate")

Item = dict[str, Any]


def epoch_ms(moment: datetime | None) -> int | None:
    """Epoch milliseconds of one of boto3's times."""
    return None if moment is None else round(moment.timestamp() * 1000)


def execution_row(machine_id: int, item: Item) -> ExecutionRow:
    """The row of an item of ListExecutions, or of an answer of DescribeExecution."""
    arn = str(item["executionArn"])
    return ExecutionRow(
        machine_id=machine_id,
        arn=arn,
        name=str(item.get("name") or tail_of(arn)),
        status=str(item["status"]),
        started_at=epoch_ms(item.get("startDate")),
        stopped_at=epoch_ms(item.get("stopDate")),
        redrives=int(item.get("redriveCount") or 0),
        version=tail_of(item.get("stateMachineVersionArn")),
        alias=tail_of(item.get("stateMachineAliasArn")),
    )


def is_before(item: Item, moment: int) -> bool:
    """Whether every date of an execution lies before this moment; one that still runs has not stopped yet."""
    dates = (epoch_ms(item.get(name)) for name in DATES)
    return item["status"] not in OPEN and all(date is None or date < moment for date in dates)


class Listing:
    """The listing of one machine's executions in one pass."""

    def __init__(self, scope: Scope, cover: Cover, machine_id: int, machine_arn: str) -> None:
        self._scope, self._cover = scope, cover
        self._machine_id, self._arn = machine_id, machine_arn
        self._still_open: set[str] = set()
        known = self._believed(listed_span(scope.store.db, machine_id, cover.source))
        self._span = self._to_cover(known)
        self._until = scope.options.since if known is None or self._span.first < known.first else known.last

    def _believed(self, known: Span | None) -> Span | None:
        """What earlier passes covered. A watermark of the future says that the clock was wrong: all is listed again."""
        return None if known is not None and known.last > self._scope.begun_at else known

    def _to_cover(self, known: Span | None) -> Span:
        """The time for which the listing will be complete after this pass."""
        since = self._scope.options.since
        first = since if known is None else min(since, known.first)
        return Span(first, self._scope.begun_at - OVERLAP_MS)

    def save(self) -> None:
        """List what is new, what was redriven and what ended; only then move the watermark."""
        redrivable = is_redrivable(
            self._scope.store.db, self._machine_id, self._scope.begun_at - REDRIVE_WINDOW_MS - OVERLAP_MS
        )
        self._list_new()
        if redrivable:
            self._list_all(redriveFilter="REDRIVEN")
        self._ask_after_running()
        self._cover.listed_from, self._cover.listed_to = self._span

    def _list_new(self) -> None:
        until = min(self._until, self._span.last)
        for page in pages(self._scope.connection.api, "ListExecutions", "executions", stateMachineArn=self._arn):
            self._save(page)
            if any(is_before(item, until) for item in page):
                return

    def _list_all(self, **filters: str) -> None:
        """Save a filtered listing to its end: where in it the new ones stand depends on its order."""
        api = self._scope.connection.api
        for page in pages(api, "ListExecutions", "executions", stateMachineArn=self._arn, **filters):
            self._save(page)

    def _ask_after_running(self) -> None:
        """Learn what became of the executions that the store believes to be running and the listing did not reach."""
        if self._unseen():
            self._list_all(statusFilter="RUNNING")
        for arn in self._unseen():
            self._describe(arn)

    def _unseen(self) -> list[str]:
        running = unfinished(self._scope.store.db, self._machine_id)
        return [arn for arn in running if arn not in self._still_open]

    def _describe(self, arn: str) -> None:
        try:
            answer = self._scope.connection.api.call("DescribeExecution", executionArn=arn)
        except ExpiredHistoryError:
            note_gone(self._scope.store.db, arn)
            self._cover.reasons["expired at AWS"] += 1
            return
        self._save([answer])

    def _save(self, items: Iterable[Item]) -> None:
        wanted = [item for item in items if not is_before(item, self._span.first)]
        save_executions(self._scope.store.db, (execution_row(self._machine_id, item) for item in wanted))
        self._still_open.update(str(item["executionArn"]) for item in wanted if item["status"] in OPEN)
        self._cover.listed += len(wanted)
        self._scope.progress.listed(self._cover.name, self._cover.listed)
