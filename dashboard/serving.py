"""What is served beside the pages: one line of script, so that a page opened by its address asks for nothing in vain.

Streamlit's browser side does not know at which path it is served. Opened at `/failures` it first tries
`/failures/_stcore/health`, gets a 404, which the browser's console shows as an error, and only then tries the root. Its
own setting for hosts, `window.__streamlit`, tells it where the root is: pages are one step below it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.middleware import Middleware

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

ROOT = b'<script>window.__streamlit={BACKEND_BASE_URL:new URL(".",location.href).href}</script>'
HEAD = b"<head>"


class Rooted:
    """Adds that line to every page of HTML; everything else passes as it is."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or "." in scope["path"] or "/_stcore/" in scope["path"]:
            await self._app(scope, receive, send)
            return
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, _Page(send).pass_on)


class _Page:
    """An answer on its way: held back until it is whole, because its length changes."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def pass_on(self, message: Message) -> None:
        """Take the next part of the answer."""
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish()
        else:
            await self._send(message)

    async def _finish(self) -> None:
        body = self._body.replace(HEAD, HEAD + ROOT, 1)
        length = (b"content-length", str(len(body)).encode())
        headers = [(name, value) for name, value in self._start["headers"] if name != b"content-length"]
        await self._send({**self._start, "headers": [*headers, length]} if body else self._start)
        await self._send({"type": "http.response.body", "body": body})


MIDDLEWARE = [Middleware(Rooted)]
