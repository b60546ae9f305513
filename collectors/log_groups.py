"""Log groups of Express machines, read a stretch of time after the other into the store.

CloudWatch Logs delivers at best effort, late and in any order; several machines may write to one group. Nothing more is
relied on than that a record is found by the time that stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from collectors.drafts import Read
from collectors.dumps import Told
from collectors.merging import Parts
from collectors.pages import pages
from collectors.reading import read_slice
from collectors.revisions import current_at
from collectors.scope import Cover, Scope, counted
from collectors.slices import Slice
from store.imports import Found, Ids, ImportedRow, found_executions, save_imported
from store.log_levels import ALL
from store.machines import LoggedMachine, revisions
from store.migrations import MS_PER_DAY
from store.passes import Span, listed_span
from store.queue import half_logged, half_logged_since

OVERLAP_MS = 10 * 60_000
"""How far the watermark stays behind the pass: records may arrive that much late."""

LATE_MS = 2 * 3_600_000
"""How far back the records are read again of an execution of which some are missing."""

LONG_AGO_MS = 90 * MS_PER_DAY
"""What is older than this is read as one stretch: mostly, there is nothing."""

EXPRESS = Told(type="EXPRESS")
CUT_PAYLOAD = '"truncated":true'

Event = dict[str, Any]


class Member(NamedTuple):
    """A machine that writes to a group: what this pass covers of it, the time to be covered, and where reading begins.

    `begin` lies before what is new when records may still have arrived since.
    """

    machine: LoggedMachine
    cover: Cover
    span: Span
    begin: int


def member(scope: Scope, machine: LoggedMachine, cover: Cover) -> Member:
    """What is to be read of a machine's records: all since the watermark or, the first time, since it was asked for."""
    since, known = scope.options.since, listed_span(scope.store.db, machine.id, cover.source)
    last = scope.begun_at - OVERLAP_MS
    if known is None or since < known.first:
        return Member(machine, cover, Span(since, last), since)
    is_read = machine.level == ALL and not scope.options.counts_logs
    late = half_logged_since(scope.store.db, machine.id, known.last - LATE_MS) if is_read else None
    return Member(machine, cover, Span(known.first, last), known.last if late is None else min(late, known.last))


def stretches(begin: int, end: int) -> Iterator[Span]:
    """The time from `begin` to `end`, both within, as stretches of a day: each that is done need not be read again."""
    first = max(begin, end - LONG_AGO_MS)
    if begin < first:
        yield Span(begin, first - 1)
    while first <= end:
        yield Span(first, min(first + MS_PER_DAY - 1, end))
        first += MS_PER_DAY


def records_read(group: str, messages: Iterable[str], *, hides_accounts: bool = False) -> Read:
    """The executions of which these log messages are records, as an import of them reads it."""
    told = EXPRESS._replace(hides_accounts=hides_accounts)
    data = "\n".join(message.replace("\n", " ") for message in messages).encode()
    return read_slice(Slice(group, "", group, 0, is_lines=True, begin=0, end=0, data=data), told)


class LogGroup:
    """One group in one pass."""

    def __init__(self, scope: Scope, name: str, members: Sequence[Member]) -> None:
        self._scope, self._name = scope, name
        self._members = {one.machine.arn: one for one in members}
        self._revisions = {arn: revisions(scope.store.db, one.machine.id) for arn, one in self._members.items()}
        self._ids = Ids(
            {arn: one.machine.id for arn, one in self._members.items()},
            {(arn, row.revision): row.id for arn, rows in self._revisions.items() for row in rows},
            "logs",
            is_inferred=True,
        )
        self._parts = Parts(scope.store)
        self._unread, self._first_unread, self._cut_payloads = 0, "", 0

    def save(self) -> None:
        """Read what is new. After each stretch the watermark moves, so that an interrupted pass is not in vain."""
        for stretch in stretches(min(one.begin for one in self._members.values()), self._scope.begun_at):
            self.read(stretch)
            self.keep_rest()
            for one in self._members.values():
                self._advance(one, stretch)
        for one in self._members.values():
            one.cover.notes += self._notes(one)

    def read(self, stretch: Span, **filters: str) -> None:
        """Read the records of a stretch of time, or those of them that AWS finds by a filter."""
        asked = {"logGroupName": self._name, "startTime": stretch.first, "endTime": stretch.last, **filters}
        for page in pages(self._scope.connection.api, "FilterLogEvents", "events", **asked):
            self._take(page)

    def keep_rest(self) -> None:
        """Save the executions of which nothing read so far held the rest."""
        self._keep(self._parts.rest())

    def _take(self, page: Sequence[Event]) -> None:
        messages = [str(event.get("message", "")) for event in page]
        read = records_read(self._name, messages, hides_accounts=self._scope.options.hides_accounts)
        self._unread += read.skipped
        self._first_unread = self._first_unread or next((reason for _, reason in read.problems), "")
        self._cut_payloads += sum(CUT_PAYLOAD in message for message in messages)
        self._keep(self._parts.ready(part for part in read.parts if part.machine in self._members))

    def _keep(self, rows: Sequence[ImportedRow]) -> None:
        """Save the executions of which more is known than the store has."""
        known = found_executions(self._scope.store.db, [row.arn for row in rows])
        new = [self._revised(row) for row in rows if _is_more(row, known.get(row.arn))]
        save_imported(self._scope.store.db, new, self._ids, self._scope.begun_at)
        for row in new:
            cover = self._members[row.machine].cover
            cover.listed += row.arn not in known
            cover.saved += row.is_whole
            self._scope.progress.listed(cover.name, cover.listed)

    def _revised(self, row: ImportedRow) -> ImportedRow:
        """The row with the revision that was current when it started: logs name none."""
        known = self._revisions[row.machine]
        if not known:
            return row
        names = {one.id: one.revision for one in known}
        return row._replace(revision=names[current_at(known, row.started_at or row.first_at)])

    def _advance(self, one: Member, stretch: Span) -> None:
        if stretch.last >= one.begin:
            one.cover.listed_from, one.cover.listed_to = one.span.first, min(stretch.last, one.span.last)
            self._scope.save(one.cover, is_over=False)

    def _notes(self, one: Member) -> Iterator[str]:
        """What there is to say of the records, beside how many there were."""
        if self._unread:
            records = counted(self._unread, "line")
            yield f"{records} of the log group {self._name} left out, the first: {self._first_unread}"
        if self._cut_payloads:
            yield f"AWS cut the payload of {counted(self._cut_payloads, 'record')} in {self._name}; none is kept here"
        half = half_logged(self._scope.store.db, one.machine.id, one.span.last) if one.machine.level == ALL else 0
        if half:
            yield f"{counted(half, 'execution')} of which records are missing: CloudWatch Logs delivers at best effort"


def _is_more(row: ImportedRow, found: Found | None) -> bool:
    return found is None or (row.last_event_id, row.event_count) > (found.last_event_id, found.event_count)
