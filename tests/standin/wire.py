"""HTTP/1.1 as the proxy needs it: whole requests in, whole or broken answers out."""

from __future__ import annotations

import asyncio
import re
import secrets
import socket
import struct
from dataclasses import dataclass
from typing import Any

JSON_TYPE = "application/x-amz-json-1.0"
PIECES = 20
NOT_PASSED_ON = {"connection", "content-length", "transfer-encoding", "x-amz-crc32"}
CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")


@dataclass
class Request:
    """A request, with what the proxy reads from it."""

    head: bytes
    body: bytes
    method: str
    path: str
    headers: dict[str, str]

    @property
    def caller(self) -> tuple[str, str]:
        """Access key and Region of its signature."""
        signed = CREDENTIAL.search(self.headers.get("authorization", ""))
        return (signed[1], signed[2]) if signed else ("anonymous", "us-east-1")

    @property
    def operation(self) -> str:
        """The operation in AWS's spelling; for REST services the service and path."""
        target = self.headers.get("x-amz-target", "").rpartition(".")[2]
        action = re.search(rb"(?:^|&)Action=(\w+)", self.body)
        return target or (action[1].decode() if action else f"http:{self.path.partition('?')[0][:60]}")


@dataclass
class Reply:
    """An answer on its way to the client."""

    status: int
    headers: dict[str, str]
    body: bytes

    def head(self) -> bytes:
        """Status line and headers, announcing the whole body."""
        kept = {name: value for name, value in self.headers.items() if name not in NOT_PASSED_ON}
        kept.setdefault("x-amzn-requestid", secrets.token_hex(16))
        lines = [f"HTTP/1.1 {self.status} {'OK' if self.status < 300 else 'Error'}"]
        lines += [f"{name}: {value}" for name, value in kept.items()]
        return "\r\n".join([*lines, f"content-length: {len(self.body)}", "", ""]).encode("latin1")


def _headers(head: bytes) -> tuple[str, dict[str, str]]:
    first, *lines = head.decode("latin1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return first, {name.lower(): value.strip() for name, _, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return await _chunks(reader)
    return await reader.readexactly(int(headers.get("content-length") or 0))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        body += await reader.readexactly(size)
        await reader.readline()
        if size == 0:
            return body


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    """The next request of a kept connection; None when the client has closed it."""
    if reader.at_eof():
        return None
    head = await reader.readuntil(b"\r\n\r\n")
    first, headers = _headers(head)
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    method, path, _ = first.split(" ", 2)
    return Request(head, await _body(reader, headers), method, path, headers)


async def forward(request: Request, body: bytes, upstream: tuple[str, int]) -> Reply:
    """The upstream's answer to the request with this body."""
    head = re.sub(rb"(?i)\r\n(connection|content-length|transfer-encoding|expect):[^\r]*", b"", request.head)
    head = head[:-2] + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    reader, writer = await asyncio.open_connection(*upstream)
    try:
        writer.write(head + body)
        await writer.drain()
        first, headers = _headers(await reader.readuntil(b"\r\n\r\n"))
        known = "content-length" in headers or "transfer-encoding" in headers
        answered = await _body(reader, headers) if known else await reader.read()
        return Reply(int(first.split(" ")[1]), headers, answered)
    finally:
        writer.close()


async def send(writer: asyncio.StreamWriter, reply: Reply) -> bool:
    """Sends a whole answer; the connection stays."""
    writer.write(reply.head() + reply.body)
    await writer.drain()
    return True


async def send_half(writer: asyncio.StreamWriter, reply: Reply, *, reset: bool) -> bool:
    """Announces the whole body and sends half, then closes or resets; the connection is over."""
    writer.write(reply.head() + reply.body[: len(reply.body) // 2])
    await writer.drain()
    if reset:
        connection: socket.socket = writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport: Any = writer.transport
        transport.abort()
    return False


async def send_slowly(writer: asyncio.StreamWriter, reply: Reply, seconds: float) -> bool:
    """Sends the body in small pieces over some seconds."""
    writer.write(reply.head())
    step = max(1, len(reply.body) // PIECES)
    for begin in range(0, len(reply.body), step):
        writer.write(reply.body[begin : begin + step])
        await writer.drain()
        await asyncio.sleep(seconds / PIECES)
    return True


def refusal(status: int, code: str, message: str) -> Reply:
    """An error as AWS JSON 1.x writes it."""
    body = f'{{"__type": "{code}", "message": "{message}"}}'
    return Reply(status, {"content-type": JSON_TYPE, "x-amzn-errortype": code}, body.encode())
