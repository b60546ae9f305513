"""Executions whose events are spread over files, streams and imports: put together by the events' ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from collectors.dumps import UNKNOWN
from collectors.outline import Packer
from store.events import milliseconds
from store.folder import Store
from store.histories import unpacked
from store.imports import ImportedRow, found_executions

MOST_HELD = 20_000
"""Unfinished executions held in memory; beyond that they wait in the store."""


def merged(row: ImportedRow, *others: bytes) -> ImportedRow:
    """The row with the events of other packed histories of its execution added."""
    events = [event for blob in (row.events, *others) for event in unpacked(blob)]
    packed = Packer().packed(events, [milliseconds(event.at) for event in events])
    return row._replace(
        status=packed.shape.status or UNKNOWN,
        started_at=packed.started_at,
        stopped_at=packed.stopped_at,
        redrives=packed.shape.redrives,
        events=packed.blob,
        event_count=packed.events,
        last_event_id=packed.shape.last_id,
        is_whole=packed.shape.is_whole,
        first_at=packed.first_at,
    )


class Parts:
    """Parts of executions on their way to become whole."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._held: dict[str, ImportedRow] = {}

    def ready(self, parts: Iterable[ImportedRow]) -> list[ImportedRow]:
        """The executions that these parts made whole. The others are held, as far as there is room."""
        for part in parts:
            held = self._held.get(part.arn)
            self._held[part.arn] = part if held is None else merged(held, part.events)
        if len(self._held) > MOST_HELD:
            return self.rest()
        return list(self._with_stored([arn for arn, row in self._held.items() if row.is_whole]))

    def rest(self) -> list[ImportedRow]:
        """Everything still held, whole or not."""
        return list(self._with_stored(list(self._held)))

    def _with_stored(self, arns: list[str]) -> Iterator[ImportedRow]:
        """These executions, no longer held, with what the store has of them already."""
        known = found_executions(self._store.db, arns)
        for arn in arns:
            row, found = self._held.pop(arn), known.get(arn)
            yield merged(row, found.events) if found and found.events else row
