from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors import slices
from collectors.slices import files_in, slices_of, without_time
from store.errors import FileUnreadableError
from tests.collectors.runs import express, history, line, records


def written(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def whole(file: str) -> bytes:
    return b"".join(piece.content() for piece in slices_of(file))


@pytest.mark.parametrize(
    ("content", "is_lines"),
    [
        (json.dumps({"events": history()}), False),
        (json.dumps({"events": history()}, indent=4), False),
        (json.dumps({"events": history()}).replace("}, {", "},\n{"), False),
        (line("a") + "\n" + line("b"), True),
        ("not json\n" + line("a") + "\n" + line("b") + "\n", True),
        ("\n\n" + line("a") + "\r\n" + line("b"), True),
        ("\n".join(map(json.dumps, records(express("a")))), True),
        ("\n".join("2026-01-01T00:00:00.000Z " + json.dumps(record) for record in records(express("a"))), True),
        ("[\n" + ",\n".join(json.dumps({"message": "x"}) for _ in range(3)) + "\n]", False),
    ],
)
def test_lines_are_told_from_a_document_by_their_content(tmp_path: Path, content: str, is_lines: bool) -> None:
    (piece,) = slices_of(written(tmp_path / "anything.dat", content))
    assert piece.is_lines is is_lines
    assert piece.content() == content.encode()


@given(st.lists(st.integers(0, 60), min_size=2, max_size=60), st.integers(20, 200), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_slices_end_with_lines_and_lose_nothing(tmp_path: Path, sizes: list[int], size: int, packed: bool) -> None:
    content = "".join(json.dumps({"message": "x" * length}) + "\n" for length in sizes).encode()
    path = tmp_path / "log"
    path.write_bytes(gzip.compress(content) if packed else content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slices, "SLICE_BYTES", size)
        patch.setattr(slices, "HEAD_BYTES", 100)
        pieces = list(slices_of(str(path)))
        parts = [piece.content() for piece in pieces]
    assert b"".join(parts) == content
    assert all(part.endswith(b"\n") for part in parts)
    assert [piece.number for piece in pieces] == list(range(len(pieces)))


@pytest.mark.parametrize("encoded", ["utf-8", "utf-16", "utf-16-be"])
def test_what_powershell_writes_is_read_too(tmp_path: Path, encoded: str) -> None:
    content = line("주문")
    begin = "\ufeff" if encoded == "utf-16-be" else ""
    assert whole(written(tmp_path / "a.json", (begin + content).encode(encoded))).decode("utf-8-sig") == content


def test_standard_input_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    content = (line("a") + "\n" + line("b") + "\n").encode()

    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(gzip.compress(content)))

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert whole("-") == content


def test_names_come_from_file_and_folder(tmp_path: Path) -> None:
    folder = tmp_path / "orders"
    folder.mkdir()
    (piece,) = slices_of(written(folder / "2026.01.jsonl.gz", gzip.compress(line("a").encode())))
    assert (piece.folder, piece.stem) == ("orders", "2026.01")


def test_folders_are_read_at_any_depth_but_for_what_is_hidden(tmp_path: Path) -> None:
    for name in ("b/c/1.gz", "a.json", ".git/x", "b/.hidden", "aws-logs-write-test"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [Path(file).relative_to(tmp_path).as_posix() for file in files_in([str(tmp_path)])]
    assert found == ["a.json", "b/c/1.gz"]
    assert list(files_in(["-", "nowhere.json"])) == ["-", "nowhere.json"]


def damaged(content: bytes) -> bytes:
    packed = gzip.compress(content)
    return packed[: len(packed) - 20]


@pytest.mark.parametrize("content", [None, damaged(line("a").encode() * 500), b"\x1f\x8bnot gzip at all"])
def test_what_cannot_be_read_is_said(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "x.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileUnreadableError, match="cannot be read to its end"):
        list(slices_of(str(path)))


def test_an_exports_time_is_taken_off() -> None:
    assert without_time(b'2026-01-01T00:00:00.123Z {"a": 1}') == b'{"a": 1}'
    assert without_time(b'{"a": "2026-01-01T00:00:00Z b"}') == b'{"a": "2026-01-01T00:00:00Z b"}'
    assert without_time(b"") == b""


def test_an_empty_file_is_one_empty_piece(tmp_path: Path) -> None:
    pieces: list[Any] = list(slices_of(written(tmp_path / "empty", "")))
    assert [piece.content() for piece in pieces] == [b""]
