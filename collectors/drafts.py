"""Drafts of executions made into rows, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from collectors.dumps import Dump, Told, imported_row, whose
from collectors.outline import Packer
from collectors.revisions import definition_hash
from collectors.slices import Slice
from store.errors import HistoryUnreadableError
from store.events import Time
from store.imports import ImportedRow
from store.machines import MachineRow
from store.moments import times_ms

MOST_PROBLEMS = 100
"""Lines told one by one, of each slice; the others are counted."""


class Draft(NamedTuple):
    """An execution as a file gives it, and the line where it stands. A part may be completed by others."""

    line: int
    dump: Dump
    is_part: bool = False


class DefinitionRead(NamedTuple):
    """A definition as it stands in a file: its text, the first line with it, the first start of those that ran it."""

    text: str
    line: int
    since_at: int | None


@dataclass
class Read:
    """What a slice of a file gave.

    `parts` are executions of which other slices may hold the rest, `definitions` go by machine ARN and revision;
    `problems` are lines (0: the slice as a whole) with what is wrong, `skipped` how many lines that concerns.
    """

    rows: list[ImportedRow] = field(default_factory=list)
    parts: list[ImportedRow] = field(default_factory=list)
    machines: dict[str, MachineRow] = field(default_factory=dict)
    definitions: dict[tuple[str, str], DefinitionRead] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    skipped: int = 0
    lines: int = 0
    events: int = 0

    def skip(self, line: int, reason: str) -> None:
        """Leave a line out, and say why."""
        self.skipped += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append((line, reason))


class Finisher:
    """Makes drafts of one slice into rows."""

    def __init__(self, piece: Slice, told: Told, read: Read) -> None:
        self._piece, self._told, self._read = piece, told, read
        self._told_definition = None if told.definition is None else told.definition.encode()
        self._packer = Packer(hides_accounts=told.hides_accounts)
        self._texts: dict[bytes, tuple[str, str]] = {}

    def finish(self, drafts: Sequence[Draft]) -> None:
        """Add the drafts' rows to what was read; a draft with a time that is none is skipped."""
        try:
            times = times_ms([event.at for draft in drafts for event in draft.dump.events])
            dates = iter(times_ms([date for draft in drafts for date in _dates(draft.dump)]))
        except HistoryUnreadableError as error:
            self._finish_good(drafts, error)
            return
        begin = 0
        for draft in drafts:
            end = begin + len(draft.dump.events)
            started_at = None if draft.dump.startDate is None else next(dates)
            stopped_at = None if draft.dump.stopDate is None else next(dates)
            self._add(draft, times[begin:end], started_at, stopped_at)
            begin = end

    def _finish_good(self, drafts: Sequence[Draft], error: HistoryUnreadableError) -> None:
        """One by one, to leave out the one that is bad."""
        if len(drafts) == 1:
            self._read.skip(drafts[0].line, error.sentence)
            return
        for draft in drafts:
            self.finish([draft])

    def _add(self, draft: Draft, times: list[int], started_at: int | None, stopped_at: int | None) -> None:
        dump, read = draft.dump, self._read
        packed = self._packer.packed(dump.events, times)
        owner = whose(dump, self._piece, self._told, draft.line)
        started_at = packed.started_at if started_at is None else started_at
        stopped_at = packed.stopped_at if stopped_at is None else stopped_at
        revision = self._revision(draft, owner.machine.arn, started_at)
        row = imported_row(dump, owner, packed, started_at, stopped_at, revision)
        (read.parts if draft.is_part else read.rows).append(row)
        read.machines[owner.machine.arn] = owner.machine
        read.events += packed.events

    def _revision(self, draft: Draft, machine_arn: str, started_at: int | None) -> str | None:
        """The name of the revision that a dump brings along, or the user told."""
        raw = self._told_definition if draft.dump.definition is None else bytes(draft.dump.definition)
        if raw is None:
            return None
        if raw not in self._texts:
            text = str(msgspec.json.decode(raw)) if raw.startswith(b'"') else raw.decode()
            self._texts[raw] = definition_hash(text), text
        name, text = self._texts[raw]
        self._read.definitions.setdefault((machine_arn, name), DefinitionRead(text, draft.line, started_at))
        return name


def _dates(dump: Dump) -> list[Time]:
    """Start and stop, as far as the dump gives them."""
    return [date for date in (dump.startDate, dump.stopDate) if date is not None]
