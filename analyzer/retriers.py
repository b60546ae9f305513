"""Retry blocks: which entry holds for an error, and blocks as Amazon States Language.

How names match: developer guide, "Handling errors in Step Functions workflows": `States.ALL` stands for every error but
`States.Runtime` and `States.DataLimitExceeded`, `States.TaskFailed` for every one but `States.Timeout`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from analyzer.definition import Retrier

NEVER_CAUGHT = frozenset({"States.Runtime", "States.DataLimitExceeded"})
TRANSIENT_SERVICE = Retrier((), interval_seconds=2, max_attempts=6, backoff_rate=2.0, jitter="FULL")
"""What AWS recommends for errors of a service that pass: developer guide, "Handle transient Lambda exceptions"."""


def matches(names: Iterable[str], error: str) -> bool:
    """Whether any of these names of a Retry or Catch stands for the error."""
    return any(
        name == error
        or (name == "States.ALL" and error not in NEVER_CAUGHT)
        or (name == "States.TaskFailed" and error != "States.Timeout" and error not in NEVER_CAUGHT)
        for name in names
    )


def retrier_for(retriers: Sequence[Retrier], error: str) -> Retrier | None:
    """The first entry that holds for an error: the one that AWS takes."""
    return next((retrier for retrier in retriers if matches(retrier.errors, error)), None)


def with_attempts(retriers: Sequence[Retrier], error: str, max_attempts: int) -> list[Retrier]:
    """The block with so many retries after this error and everything else as it was.

    An error that no entry holds for is retried as AWS recommends for services.
    """
    held = retrier_for(retriers, error) or TRANSIENT_SERVICE
    own = replace(held, errors=(error,), max_attempts=max_attempts)
    others = [replace(retrier, errors=tuple(name for name in retrier.errors if name != error)) for retrier in retriers]
    return [own, *(retrier for retrier in others if retrier.errors)]


def retry_json(retriers: Iterable[Retrier]) -> str:
    """The block as the value of `Retry`; what is AWS's default is left out."""
    return json.dumps([_entry(retrier) for retrier in retriers], ensure_ascii=False)


def _entry(retrier: Retrier) -> dict[str, Any]:
    entry: dict[str, Any] = {"ErrorEquals": list(retrier.errors)}
    if retrier.max_attempts and retrier.interval_seconds != Retrier(()).interval_seconds:
        entry["IntervalSeconds"] = _plain(retrier.interval_seconds)
    entry["MaxAttempts"] = retrier.max_attempts
    if retrier.max_attempts:
        entry["BackoffRate"] = _plain(retrier.backoff_rate)
    if retrier.max_attempts and retrier.max_delay_seconds is not None:
        entry["MaxDelaySeconds"] = _plain(retrier.max_delay_seconds)
    if retrier.max_attempts and retrier.jitter != "NONE":
        entry["JitterStrategy"] = retrier.jitter
    return entry


def _plain(value: float) -> float | int:
    return int(value) if float(value).is_integer() else value
