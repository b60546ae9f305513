"""Files in S3, such as the exports of log groups: listed, and read as they come, without a copy on this machine."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from collectors.slices import NOT_READ, OPENED_BY, S3
from store.errors import FileUnreadableError

HINT = "Allow s3:ListBucket on it and s3:GetObject on what is in it; AWS_PROFILE and AWS_REGION say where and as whom."


def parted(url: str) -> tuple[str, str]:
    """Bucket and key, or prefix, of `s3://bucket/key`."""
    bucket, _, key = url.removeprefix(S3).partition("/")
    return bucket, key


def objects_in(url: str) -> Iterator[str]:
    """The URL of each object whose key begins as `url` does, but the test files that AWS's exports leave.

    Raises `FileUnreadableError` when the bucket cannot be listed, and when nothing in it begins so.
    """
    bucket, prefix = parted(url)
    is_any = False
    for key in _keys(url, bucket, prefix):
        is_any = True
        if key.rpartition("/")[2] not in NOT_READ and not key.endswith("/"):
            yield f"s3://{bucket}/{key}"
    if not is_any:
        raise FileUnreadableError(f"there is nothing at {url}", "Give the bucket and the beginning of the keys.")


def _keys(url: str, bucket: str, prefix: str) -> Iterator[str]:
    try:
        for page in _client().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            if "KeyCount" not in page:  # boto3 reads a cut answer as an empty one
                raise FileUnreadableError(f"the listing of {url} was cut short", "Run it again.")
            yield from (str(found["Key"]) for found in page.get("Contents", ()))
    except (BotoCoreError, ClientError) as error:
        raise FileUnreadableError(f"{url} cannot be listed: {error}", HINT) from error


def opened(url: str) -> io.BufferedReader:
    """The content of an object. What goes wrong is an OSError, as with any file, also when it ends too early."""
    bucket, key = parted(url)
    try:
        body = _client().get_object(Bucket=bucket, Key=key)["Body"]
    except (BotoCoreError, ClientError) as error:
        raise OSError(str(error)) from error
    return io.BufferedReader(_Object(body))


class _Object(io.RawIOBase):
    """What boto3 hands out of an object, as a file."""

    def __init__(self, body: Any) -> None:
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._body.readinto(buffer))
        except BotoCoreError as error:
            raise OSError(str(error)) from error


@functools.cache
def _client() -> Any:
    session: Any = boto3
    return session.client("s3", config=Config(retries={"mode": "adaptive", "max_attempts": 10}))


OPENED_BY[S3] = opened
