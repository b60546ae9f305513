from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest

from collectors import notices
from store.errors import NoticeError, StepscopeError
from tests.standin.handle import ACCOUNT, REGION, Standin


class Hook(HTTPServer):
    """A web address that keeps what it is told and answers with a status."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Told)
        self.told: list[Any] = []
        self.status = 200
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/secret-path"


class _Told(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.end_headers()

    def do_GET(self) -> None:
        self.server.told.append("a redirect was followed")

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as server:
        yield server
        server.shutdown()


def test_a_webhook_gets_the_document_as_json(hook: Hook) -> None:
    notices.post(hook.url, {"text": "주문 fails"})
    assert hook.told == [{"text": "주문 fails"}]


@pytest.mark.parametrize("status", [302, 307, 404, 500])
def test_a_refusal_is_an_error_and_a_redirect_is_not_followed(hook: Hook, status: int) -> None:
    hook.status = status
    with pytest.raises(NoticeError, match=f"it answered {status}") as caught:
        notices.post(hook.url, {})
    assert len(hook.told) == 1
    assert "secret-path" not in str(caught.value) + caught.value.hint


def test_an_address_where_nobody_answers_is_an_error() -> None:
    with pytest.raises(NoticeError, match="was not told"):
        notices.post("http://127.0.0.1:9/", {})


def test_a_topic_gets_the_text(standin: Standin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:stepscope"
    boto3.client("sns", REGION, endpoint_url=standin.endpoint).create_topic(Name="stepscope")
    notices.publish(topic, "orders fails", endpoint_url=standin.endpoint)
    with pytest.raises(StepscopeError):
        notices.publish(topic + "-gone", "orders fails", endpoint_url=standin.endpoint)


def test_a_long_text_is_cut_to_what_sns_takes() -> None:
    assert len(notices._cut("주" * 100_000).encode()) < 262_144
    assert notices._cut("short") == "short"
