"""Files as pieces of a few megabytes that end where a line ends, so that memory does not grow with the file."""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple, cast

import msgspec

from collectors.shapes import TOLD_BY
from store.errors import FileUnreadableError

SLICE_BYTES = 6 * 2**20
HEAD_BYTES = 2**20
LINES_LOOKED_AT = 50
GZIP = b"\x1f\x8b"
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
STDIN = "-"
S3 = "s3://"
OPENED_BY: dict[str, Callable[[str], io.BufferedReader]] = {}
"""What opens files that are elsewhere, by how their names begin: it adds itself, so that only who needs it loads it."""
NOT_READ = frozenset({"aws-logs-write-test"})
"""What AWS's export of a log group leaves beside the data."""
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What a line raises that is no JSON, is in another encoding, or is nested too deep."""
SUFFIXES = frozenset({".gz", ".json", ".jsonl", ".ndjson", ".log", ".txt"})


class Slice(NamedTuple):
    """A part of a file: its bytes, or where in the file they stand. Lines come by and by, a document as a whole.

    `folder` and `stem` name the machine or the execution when nothing in the file does.
    """

    file: str
    folder: str
    stem: str
    number: int
    is_lines: bool
    begin: int
    end: int
    data: bytes | None = None

    def content(self) -> bytes:
        """The bytes; those of a file are read here, by whoever works on them."""
        if self.data is not None:
            return self.data
        with Path(self.file).open("rb") as file:
            file.seek(self.begin)
            return file.read(self.end - self.begin)


def files_in(paths: Sequence[str]) -> Iterator[str]:
    """The files of these paths: of a folder all that are in it, at any depth, but the hidden ones."""
    for path in paths:
        if path == STDIN or path.startswith(S3) or not Path(path).is_dir():
            yield path
        else:
            yield from _files_of(Path(path))


def _files_of(folder: Path) -> Iterator[str]:
    for path in sorted(found for found in folder.rglob("*") if found.is_file()):
        within = path.relative_to(folder)
        if path.name not in NOT_READ and not any(part.startswith(".") for part in within.parts):
            yield str(path)


def slices_of(file: str) -> Iterator[Slice]:
    """The pieces of a file, in its order. Raises `FileUnreadableError`, possibly after the first ones."""
    path = Path(file).absolute()
    named = Slice(file, path.parent.name, _stem(path.name), 0, is_lines=False, begin=0, end=0)
    try:
        with ExitStack() as stack:
            stream, is_plain = _opened(named, stack)
            head = stream.read(HEAD_BYTES)
            whole = named._replace(is_lines=_is_lines(head))
            is_long = len(head) == HEAD_BYTES
            yield from _located(whole, stream) if is_plain and is_long else _read(whole, head, stream)
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        raise FileUnreadableError(f"it cannot be read to its end: {error}") from error


def _stem(name: str) -> str:
    """The name without what says how it is written: `orders` of `orders.jsonl.gz`."""
    stem, dot, suffix = name.rpartition(".")
    return _stem(stem) if stem and f"{dot}{suffix}" in SUFFIXES else name


def _opened(named: Slice, stack: ExitStack) -> tuple[IO[bytes], bool]:
    """The file as UTF-8, and whether that is how it is written: not packed, nor as PowerShell writes."""
    if named.file == STDIN:
        return _unpacked(cast("io.BufferedReader", sys.stdin.buffer), stack)[0], False
    elsewhere = OPENED_BY.get(named.file[: len(S3)])
    if elsewhere is not None:
        return _unpacked(stack.enter_context(elsewhere(named.file)), stack)[0], False
    return _unpacked(stack.enter_context(Path(named.file).open("rb")), stack)


def _unpacked(stream: io.BufferedReader, stack: ExitStack) -> tuple[IO[bytes], bool]:
    begin = stream.peek(2)[:2]
    if begin == GZIP:
        return cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=stream))), False
    if begin in UTF16:
        return cast("IO[bytes]", codecs.EncodedFile(stream, "utf-8", "utf-16")), False
    return stream, stream.seekable()


def _is_lines(head: bytes) -> bool:
    """Whether each line stands for itself, rather than all of them for one document."""
    lines = [line for line in head.splitlines()[:LINES_LOOKED_AT] if line.strip()]
    if len(lines) <= 1:
        return len(head) == HEAD_BYTES  # one line that goes on: whichever it is, reading it as a line will do
    return 2 * sum(map(_stands_alone, lines)) >= len(lines)


def _stands_alone(line: bytes) -> bool:
    try:
        document = msgspec.json.decode(without_time(line))
    except UNREADABLE:
        return False
    return isinstance(document, dict) and not TOLD_BY.isdisjoint(document)


def without_time(line: bytes) -> bytes:
    """A line without the time that AWS's export of a log group writes before each message."""
    first, _, rest = line.partition(b" ")
    return rest.lstrip() if first[:2] == b"20" and first[-1:] == b"Z" else line


def _located(whole: Slice, stream: IO[bytes]) -> Iterator[Slice]:
    """The pieces of a file by where they stand."""
    size = stream.seek(0, io.SEEK_END)
    begin, number = 0, 0
    while begin < size or number == 0:
        end = _line_end(stream, begin + SLICE_BYTES, size) if whole.is_lines else size
        yield whole._replace(number=number, begin=begin, end=end)
        begin, number = end, number + 1


def _line_end(stream: IO[bytes], position: int, size: int) -> int:
    """Where the line that reaches over this position ends."""
    if position >= size:
        return size
    stream.seek(position)
    stream.readline()
    return stream.tell()


def _read(whole: Slice, head: bytes, stream: IO[bytes]) -> Iterator[Slice]:
    """The pieces of what can only be read from its beginning."""
    if not whole.is_lines:
        yield whole._replace(data=head + stream.read())
        return
    number, rest = 0, head
    while more := stream.read(SLICE_BYTES):
        data = rest + more
        cut = data.rfind(b"\n") + 1
        rest = data[cut:]
        if cut:
            yield whole._replace(number=number, data=data[:cut])
            number += 1
    if rest:
        yield whole._replace(number=number, data=rest)
