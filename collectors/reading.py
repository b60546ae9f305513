"""A slice of a file read into rows: what the workers of an import do."""

from __future__ import annotations

import gc
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from collectors.drafts import Draft, Finisher, Read
from collectors.dumps import Dump, Told, dump_decoder, dump_of
from collectors.shapes import Execution, Message, Problem, parts_of
from collectors.slices import UNREADABLE, Slice, without_time
from store.errors import HistoryUnreadableError
from store.events import Event
from store.log_events import logged, logged_together

BATCH = 256
"""Drafts finished together: enough to share the cost of reading their times, few enough to stay small."""

BOM = b"\xef\xbb\xbf"
HANDFUL_BYTES = 2**15

RECORD = b'"execution_arn"'
"""What stands in a bare log record; in one that is wrapped, its quotes are escaped."""


def read_slice(piece: Slice, told: Told) -> Read:
    """The executions in a slice. Bad lines are told and skipped, the rest is kept."""
    reader = _Reader(piece, told)
    with _collection_paused():
        content = piece.content()
        reader.read(content.removeprefix(BOM) if piece.number == 0 else content)
    return reader.result


@contextmanager
def _collection_paused() -> Iterator[None]:
    """No cycles are built here, and looking for them costs a tenth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _handfuls(content: bytes) -> Iterator[bytes]:
    """Whole lines together, as many as a processor keeps at hand; a longer line alone."""
    begin = 0
    while begin < len(content):
        end = content.find(b"\n", begin + HANDFUL_BYTES) + 1 or len(content)
        yield content[begin:end]
        begin = end


class _Wrapped(msgspec.Struct):
    """A log event around a record."""

    message: str | None = None
    logEvent: _Inner | None = None  # noqa: N815 -- AWS's spelling


class _Inner(msgspec.Struct):
    message: str


_wrapped_decoder = msgspec.json.Decoder(_Wrapped)


class _Reader:
    """Reads one slice."""

    def __init__(self, piece: Slice, told: Told) -> None:
        self._piece = piece
        self.result = Read()
        self._finisher = Finisher(piece, told, self.result)
        self._drafts: list[Draft] = []
        self._logs: dict[str, tuple[int, list[Event]]] = {}
        self._way: Callable[[int, bytes], bool] = self._as_dump

    def read(self, content: bytes) -> None:
        """Read it all, as lines or as a document."""
        if self._piece.is_lines or not self._read_document(content):
            self._read_lines(content)
        self._flush()
        logs = [Draft(line, Dump(executionArn=arn, events=events), True) for arn, (line, events) in self._logs.items()]
        for begin in range(0, len(logs), BATCH):
            self._finisher.finish(logs[begin : begin + BATCH])

    def _read_document(self, content: bytes) -> bool:
        """Read it as one document; False when it is none, but may be lines."""
        if not content.strip():
            self.result.skip(0, "it is empty")
            return True
        if self._as_dump(0, content):
            return True
        try:
            document = msgspec.json.decode(content)
        except UNREADABLE as error:
            if content.count(b"\n") > 1:
                return False
            self.result.skip(0, f"it is not JSON: {error}")
            return True
        self._take_parts(0, document)
        return True

    def _read_lines(self, content: bytes) -> None:
        number = 0
        for lines in _handfuls(content):
            if RECORD not in lines[: lines.find(b"\n") + 1 or None] or not self._as_records(number, lines):
                self._read_each(number, lines)
            number += lines.count(b"\n") + (not lines.endswith(b"\n"))
        self.result.lines = number

    def _read_each(self, before: int, lines: bytes) -> None:
        for number, line in enumerate(io.BytesIO(lines), before + 1):
            if not self._way(number, line):
                self._find_way(number, line)

    def _as_records(self, before: int, lines: bytes) -> bool:
        """Read lines that are bare log records, all of them; False, with nothing read, when one is none."""
        try:
            records = logged_together(lines)
        except HistoryUnreadableError:
            return False
        for number, (arn, event) in enumerate(records, before + 1):
            known = self._logs.get(arn)
            if known is None:
                self._logs[arn] = (number, [event])
            else:
                known[1].append(event)
        return True

    def _find_way(self, number: int, line: bytes) -> None:
        """Read a line that is not like the one before; the next will be like this one."""
        if line.isspace():
            return
        for way in (self._as_dump, self._as_record, self._as_wrapped):
            if way != self._way and way(number, line):
                self._way = way
                return
        self._as_anything(number, line)

    def _as_dump(self, number: int, line: bytes) -> bool:
        try:
            dump = dump_decoder.decode(line)
        except UNREADABLE:
            return False
        if not dump.events:
            return False
        self._draft(number, dump)
        return True

    def _draft(self, number: int, dump: Dump) -> None:
        self._drafts.append(Draft(number, dump))
        if len(self._drafts) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._drafts:
            self._finisher.finish(self._drafts)
            self._drafts = []

    def _as_record(self, number: int, line: bytes | str) -> bool:
        try:
            arn, event = logged(line)
        except (HistoryUnreadableError, *UNREADABLE):
            return False
        self._log(number, arn, event)
        return True

    def _log(self, number: int, arn: str, event: Event) -> None:
        if arn not in self._logs:
            self._logs[arn] = (number, [])
        self._logs[arn][1].append(event)

    def _as_wrapped(self, number: int, line: bytes) -> bool:
        """A record behind its time, or inside a log event."""
        bare = without_time(line)
        if bare is not line:
            return self._as_record(number, bare)
        try:
            wrapped = _wrapped_decoder.decode(line)
        except UNREADABLE:
            return False
        message = wrapped.logEvent.message if wrapped.logEvent else wrapped.message
        return message is not None and self._as_record(number, message)

    def _as_anything(self, number: int, line: bytes) -> None:
        """The slow way: whatever a line holds, or what is wrong with it."""
        try:
            document = msgspec.json.decode(without_time(line))
        except UNREADABLE as error:
            self.result.skip(number, f"it is not JSON: {error}")
            return
        self._take_parts(number, document)

    def _take_parts(self, number: int, document: Any) -> None:
        for part in parts_of(document):
            try:
                self._take(number, part)
            except HistoryUnreadableError as error:
                self.result.skip(number, error.sentence)

    def _take(self, number: int, part: Execution | Message | Problem) -> None:
        if isinstance(part, Execution):
            self._draft(number, dump_of(part.description, part.events))
        elif isinstance(part, Message):
            content = part.content if isinstance(part.content, str) else msgspec.json.encode(part.content)
            self._log(number, *logged(content))
        else:
            self.result.skip(number, part.reason)
