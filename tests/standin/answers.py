"""Answers as AWS writes them: JSON 1.0 with dates in seconds, pages, tokens and errors."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from moto.core.exceptions import AWSError
from moto.stepfunctions.exceptions import InvalidToken, ValidationException

from tests.standin.world import seconds

Answer = tuple[int, dict[str, str], str]
HEADERS = {"Content-Type": "application/x-amz-json-1.0"}
DEFAULT_PAGE, LARGEST_PAGE = 100, 1000


class TypeNotSupportedError(AWSError):
    """A question about runs asked of an EXPRESS machine."""

    TYPE, STATUS = "StateMachineTypeNotSupported", 400


class WrongArnError(AWSError):
    """An ARN of a kind that the operation does not take."""

    TYPE, STATUS = "InvalidArn", 400


class UnknownOperationError(AWSError):
    """An operation that the emulator lacks, refused the way AWS refuses instead of with an HTML 500."""

    TYPE, STATUS = "UnknownOperationException", 400


def answer(body: dict[str, Any]) -> Answer:
    """The body on the wire; members that are None are left out, as AWS does."""
    return 200, HEADERS, json.dumps({k: v for k, v in body.items() if v is not None}, default=_date_or_text)


def _date_or_text(value: Any) -> Any:
    return seconds(value) if isinstance(value, dt.datetime) else str(value)


def page_size(request: Any) -> int:
    """`maxResults` of a request: 0 or absent means 100; more than 1,000 is refused."""
    size = int(request._get_param("maxResults") or 0) or DEFAULT_PAGE
    if size > LARGEST_PAGE:
        raise ValidationException(
            f"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: "
            f"Member must have value less than or equal to {LARGEST_PAGE}"
        )
    return size


def token_of(value: Any) -> str:
    """An opaque nextToken that carries `value`."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def value_of_token(request: Any) -> Any:
    """What the request's nextToken carries; None without one; InvalidToken for one we never gave."""
    token = request._get_param("nextToken")
    if not token:
        return None
    try:
        return json.loads(base64.urlsafe_b64decode(token))
    except ValueError:
        raise InvalidToken("'Invalid token'") from None


def page_by_offset(request: Any, name: str, items: Sequence[Any]) -> dict[str, Any]:
    """One page of `items` under `name`, with a token that counts."""
    size, begin = page_size(request), value_of_token(request) or 0
    more = begin + size < len(items)
    return {name: items[begin : begin + size], "nextToken": token_of(begin + size) if more else None}
