"""Files in S3, over HTTP: the same as files on disk."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest

from collectors import buckets
from collectors.buckets import objects_in, opened, parted
from collectors.slices import slices_of
from store.errors import FileUnreadableError
from tests.collectors.runs import express, records
from tests.standin.handle import REGION, Standin

BUCKET = "log-exports"


@pytest.fixture
def bucket(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty bucket; adds what is put into it."""
    client = standin.client("s3", region="us-east-1")
    client.create_bucket(Bucket=BUCKET)
    monkeypatch.setattr(buckets, "_client", lambda: client)

    def put(key: str, content: bytes) -> None:
        client.put_object(Bucket=BUCKET, Key=key, Body=content)

    return put  # type: ignore[return-value]  # as a fixture


def test_a_url_is_bucket_and_key() -> None:
    assert parted("s3://b/a/c.gz") == ("b", "a/c.gz")
    assert parted("s3://b") == ("b", "")
    assert REGION


def test_objects_are_those_that_begin_so_without_what_aws_leaves(bucket: Any) -> None:
    for key in ("2026/a/000000.gz", "2026/a/", "2026/aws-logs-write-test", "2025/b.gz"):
        bucket(key, b"x")
    assert list(objects_in(f"s3://{BUCKET}/2026")) == [f"s3://{BUCKET}/2026/a/000000.gz"]


def test_an_object_is_read_in_slices_as_a_file_is(bucket: Any) -> None:
    lines = "\n".join("2026-01-01T00:00:00.000Z " + json.dumps(record) for record in records(express("a")))
    bucket("a.gz", gzip.compress(lines.encode()))
    bucket("b.log", lines.encode())
    for key in ("a.gz", "b.log"):
        pieces = list(slices_of(f"s3://{BUCKET}/{key}"))
        assert b"".join(piece.content() for piece in pieces) == lines.encode()
        assert all(piece.is_lines for piece in pieces)


def test_what_is_not_there_is_said(bucket: Any) -> None:
    with pytest.raises(FileUnreadableError, match="there is nothing at"):
        list(objects_in(f"s3://{BUCKET}/nothing"))
    with pytest.raises(FileUnreadableError, match="cannot be listed") as raised:
        list(objects_in("s3://no-such-bucket/x"))
    assert "s3:ListBucket" in raised.value.hint
    with pytest.raises(FileUnreadableError, match="cannot be read to its end"):
        list(slices_of(f"s3://{BUCKET}/gone.gz"))


def test_an_object_that_ends_too_early_is_no_whole_one(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket("cut.log", b"x" * 1_000)
    client = buckets._client()
    answer = client.get_object(Bucket=BUCKET, Key="cut.log")
    answer["Body"]._content_length = "2000"
    monkeypatch.setattr(client, "get_object", lambda **asked: answer)
    with pytest.raises(OSError, match="2000"), opened(f"s3://{BUCKET}/cut.log") as stream:
        stream.read()
