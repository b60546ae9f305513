"""Findings told to a topic of SNS or a web address: what the rules found, and never a payload or a cause."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from email.message import Message
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from collectors.refusals import typed
from collectors.sessions import Target, session_of
from store.errors import NoticeError

PATIENCE_S = 10.0
SUBJECT = "Stepscope"
MOST_BYTES = 250_000
"""SNS takes 262,144 bytes in one message: Amazon SNS API reference, Publish."""


def publish(topic_arn: str, text: str, profile: str | None = None, endpoint_url: str | None = None) -> None:
    """Publish a text to a topic of SNS, in the Region that its ARN names. Raises an AwsError when that fails."""
    region = topic_arn.split(":")[3]
    target = Target(region=region, profile=profile)
    try:
        client = session_of(target).client("sns", region_name=region, endpoint_url=endpoint_url)
        client.publish(TopicArn=topic_arn, Subject=SUBJECT, Message=_cut(text))
    except (BotoCoreError, ClientError) as error:
        raise typed(error, target.name, "Publish") from error


def _cut(text: str) -> str:
    encoded = text.encode()
    return text if len(encoded) <= MOST_BYTES else encoded[:MOST_BYTES].decode(errors="ignore") + " …"


def post(url: str, document: dict[str, Any]) -> None:
    """Post a document as JSON to a web address. Raises NoticeError when it is not taken; a redirect is not followed."""
    body = json.dumps(document, ensure_ascii=False).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 -- settings allow http
    host = urlsplit(url).hostname
    try:
        with _OPENER.open(request, timeout=PATIENCE_S) as answer:
            if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
                raise _refused(host, f"it answered {answer.status}")
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(host, f"it answered {error.code}") from error
    except OSError as error:
        raise _refused(host, str(getattr(error, "reason", error))) from error


def _refused(host: str | None, why: str) -> NoticeError:
    """The address itself may hold a secret, and is not said."""
    return NoticeError(f"the webhook at {host} was not told: {why}", "It is tried again with the next check.")


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """What was found goes to the address that was configured and to no other."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """No request: the redirect is an answer like any other refusal."""
        del req, fp, code, msg, headers, newurl


_OPENER = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler())
