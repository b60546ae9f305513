from __future__ import annotations

import asyncio
from typing import Any

from dashboard.serving import ROOT, Rooted

PAGE = b"<!DOCTYPE html><html><head><title>x</title></head></html>"


def answered(path: str, body: bytes = PAGE, status: int = 200, kind: str = "http") -> tuple[Any, list[Any], bytes]:
    """The scope that reached the server, its headers and body as they reach the browser."""
    reached: list[Any] = []
    sent: list[Any] = []

    async def server(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope)
        headers = [(b"content-type", b"text/html"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body[:10], "more_body": True})
        await send({"type": "http.response.body", "body": body[10:]})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": kind, "path": path, "headers": [(b"accept-encoding", b"gzip"), (b"host", b"x")]}
    asyncio.run(Rooted(server)(scope, None, send))  # type: ignore[arg-type]
    return reached[0], sent[0]["headers"], b"".join(message.get("body", b"") for message in sent)


def test_a_page_is_told_where_the_root_is() -> None:
    scope, headers, body = answered("/failures")
    assert body == PAGE.replace(b"<head>", b"<head>" + ROOT)
    assert dict(headers)[b"content-length"] == str(len(body)).encode()
    assert scope["headers"] == [(b"host", b"x")]


def test_all_else_passes_as_it_is() -> None:
    for path in ("/static/js/index.js", "/failures/_stcore/health", "/_stcore/host-config"):
        assert answered(path)[2] == PAGE
    assert answered("/failures", kind="websocket")[2] == PAGE


def test_an_answer_without_a_body_keeps_its_headers() -> None:
    _, headers, body = answered("/", body=b"", status=304)
    assert body == b""
    assert dict(headers)[b"content-length"] == b"0"
