"""A proxy that makes the stand-in behave like AWS on a bad day: quotas, faults, latency; it counts everything.

    python -m tests.standin.proxy http://127.0.0.1:5001 [--seed 1]

Prints its address and serves until its standard input closes. Its control paths are no part of AWS:

    GET  /_proxy/stats   counters per operation since the last reset, connections, peak concurrency, rules
    GET  /_proxy/log     the last 20,000 requests: [seconds, operation, status, what, milliseconds]
    POST /_proxy/reset   {"stats", "buckets", "faults"}: forgets what is named, {} all
    POST /_proxy/config  {"quotas": {op: [bucket, refill, tokens at start?]}, "faults": [rule], "latency_ms": [lo, hi],
                          "background": {op: calls per second}, "list_lag_s": s, "token_valid_s": s,
                          "page_rows": {op: rows}: AWS may always give fewer than were asked for}
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import json
import os
import sys
import time
from typing import Any

from tests.standin.faults import ERRORS, FAULTS, Faults, Rule, token_of, with_rows, with_token
from tests.standin.quotas import Quotas
from tests.standin.wire import (
    JSON_TYPE,
    Reply,
    Request,
    forward,
    read_request,
    refusal,
    send,
    send_half,
    send_slowly,
)

LOGGED = 20_000
SECONDS = 5
"""How long `slow` and `trickle` take unless the rule says."""


class Counts:
    """What passed through since the last reset."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.operations: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
        self.log: collections.deque[list[Any]] = collections.deque(maxlen=LOGGED)
        self.connections, self.inflight, self.peak = 0, 0, 0

    def note(self, operation: str, status: int, what: str, since: float) -> None:
        """Counts one call."""
        self.operations[operation].update(("calls", what))
        now = time.monotonic()
        self.log.append([round(since - self.began, 4), operation, status, what, round((now - since) * 1000, 1)])

    def summary(self) -> dict[str, Any]:
        """The counters, with calls and good answers a second."""
        took = time.monotonic() - self.began
        rates = {
            name: {**counts, "per_s": round(counts["calls"] / took, 2), "ok_per_s": round(counts["ok"] / took, 2)}
            for name, counts in sorted(self.operations.items())
        }
        return {"seconds": round(took, 2), "connections": self.connections, "peak_concurrency": self.peak, "ops": rates}


class Proxy:
    """The rules, the counters and the way of a request between client and upstream."""

    def __init__(self, upstream: str, seed: int | None = None) -> None:
        host, _, port = upstream.rpartition("//")[2].rpartition(":")
        self.upstream = host, int(port)
        self.quotas, self.faults, self.counts = Quotas(), Faults(seed), Counts()
        self.latency_ms: tuple[float, float] = 0.0, 0.0
        self.valid_until = float("inf")
        self.page_rows: dict[str, int] = {}

    def configure(self, body: dict[str, Any]) -> None:
        """Applies a POST of /_proxy/config."""
        self.quotas.replace(body.get("quotas", {}))
        if "background" in body:
            self.quotas.share(body["background"])
        if "faults" in body:
            self.faults.use(body["faults"])
        self.latency_ms = tuple(body.get("latency_ms", self.latency_ms))
        self.page_rows = body.get("page_rows", self.page_rows)
        self.faults.list_lag_s = body.get("list_lag_s", self.faults.list_lag_s)
        if "token_valid_s" in body:
            self.valid_until = time.monotonic() + body["token_valid_s"]

    def reset(self, body: dict[str, Any]) -> None:
        """Applies a POST of /_proxy/reset."""
        if body.get("stats") or not body:
            self.counts = Counts()
        if body.get("buckets") or not body:
            self.quotas = Quotas()
        if body.get("faults") or not body:
            self.faults.clear()
            self.faults.list_lag_s, self.latency_ms, self.valid_until = 0.0, (0.0, 0.0), float("inf")
            self.page_rows = {}

    async def connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serves one kept connection."""
        self.counts.connections += 1
        try:
            while (request := await read_request(reader, writer)) and await self._served(writer, request):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client went away, or a fault took it away
        finally:
            writer.close()

    async def _served(self, writer: asyncio.StreamWriter, request: Request) -> bool:
        """Answers one request; False when the connection is to be closed."""
        if request.path.startswith("/_proxy/"):
            return await send(writer, self._controlled(request))
        self.counts.inflight += 1
        self.counts.peak = max(self.counts.peak, self.counts.inflight)
        try:
            return await self._answered(writer, request)
        finally:
            self.counts.inflight -= 1

    async def _answered(self, writer: asyncio.StreamWriter, request: Request) -> bool:
        since, operation = time.monotonic(), request.operation
        if self.latency_ms[1]:
            await asyncio.sleep(self.faults.dice.uniform(*self.latency_ms) / 1000)
        refused = self._refused(request, since)
        if refused is not None:
            what, reply = refused
            self.counts.note(operation, reply.status, what, since)
            return await send(writer, reply)
        rule = self.faults.due(operation, request.body)
        early = await self._before_upstream(request, rule)
        if early is not None:
            self.counts.note(operation, early.status, f"fault:{rule['fault']}" if rule else "fault:repeat_page", since)
            return bool(early.status) and await send(writer, early)
        reply = await self._from_upstream(request, rule)
        what = f"fault:{rule['fault']}" if rule else ("ok" if reply.status < 400 else f"http{reply.status}")
        self.counts.note(operation, reply.status, what, since)
        return await _sent(writer, reply, rule)

    def _refused(self, request: Request, since: float) -> tuple[str, Reply] | None:
        """What credentials and quotas refuse before any fault."""
        if since > self.valid_until:
            return "expired", refusal(*ERRORS["expired"])
        if not self.quotas.allows(*request.caller, request.operation):
            return "throttled", refusal(*ERRORS["throttle"])
        return None

    async def _before_upstream(self, request: Request, rule: Rule | None) -> Reply | None:
        """The answer that needs no upstream; status 0 means none at all."""
        fault = rule["fault"] if rule else ""
        if rule and fault in ERRORS:
            status, code, message = ERRORS[fault]
            return refusal(rule.get("status", status), rule.get("code", code), rule.get("message", message))
        if fault == "html":
            page = b"<html><body><h1>503 Service Unavailable</h1></body></html>"
            return Reply(503, {"content-type": "text/html"}, page)
        if fault == "drop":
            return Reply(0, {}, b"")
        if rule and fault == "slow":
            await asyncio.sleep(rule.get("seconds", SECONDS))
        kept = self.faults.made_up.get(token_of(request.body) or "", {}).get("page")
        empty = self.faults.empty_page(request.operation, request.body) if fault == "empty_page" else None
        body = kept or empty
        return Reply(200, {"content-type": JSON_TYPE}, body) if body else None

    async def _from_upstream(self, request: Request, rule: Rule | None) -> Reply:
        meant = self.faults.made_up.get(token_of(request.body) or "")
        body = with_token(request.body, meant["token"]) if meant else request.body
        if request.operation in self.page_rows:
            body = with_rows(body, request.operation, self.page_rows[request.operation])
        try:
            reply = await forward(request, body, self.upstream)
        except (OSError, asyncio.IncompleteReadError) as lost:
            return refusal(503, "ServiceUnavailableException", f"upstream: {type(lost).__name__}")
        if reply.status == 200:
            reply.body = self.faults.rewritten(request.operation, rule, request.body, reply.body)
        return reply

    def _controlled(self, request: Request) -> Reply:
        try:
            body, status = self._control(request.path, json.loads(request.body or b"{}")), 200
        except (ValueError, KeyError, TypeError) as wrong:
            body, status = {"error": str(wrong)}, 400
        return Reply(status, {"content-type": "application/json"}, json.dumps(body).encode())

    def _control(self, path: str, body: dict[str, Any]) -> Any:
        if path == "/_proxy/stats":
            return self.counts.summary() | {"faults": self.faults.rules}
        if path == "/_proxy/log":
            return list(self.counts.log)
        if path == "/_proxy/reset":
            return self.reset(body)
        if path == "/_proxy/config":
            return self.configure(body)
        return {"faults": FAULTS}


async def _sent(writer: asyncio.StreamWriter, reply: Reply, rule: Rule | None) -> bool:
    """Sends a good answer as its fault wants it."""
    fault = rule["fault"] if rule else ""
    if fault == "drop_after":
        return False
    if fault == "bad_json":
        return await send(writer, Reply(reply.status, reply.headers, reply.body[: max(1, len(reply.body) // 2)]))
    if fault in {"truncate", "reset"}:
        return await send_half(writer, reply, reset=fault == "reset")
    if rule and fault == "trickle":
        return await send_slowly(writer, reply, rule.get("seconds", SECONDS))
    return await send(writer, reply)


async def serve(upstream: str, seed: int | None) -> None:
    """Serves on a free port of loopback until standard input closes."""
    server = await asyncio.start_server(Proxy(upstream, seed).connection, "127.0.0.1", 0, limit=2**24)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await asyncio.to_thread(sys.stdin.read)
        os._exit(0)  # clients keep connections open; there is nothing to tell them


def main() -> None:
    """Runs the proxy from the command line."""
    parser = argparse.ArgumentParser(description="A proxy with quotas and faults")
    parser.add_argument("upstream")
    parser.add_argument("--seed", type=int, help="makes the chances repeatable")
    options = parser.parse_args()
    asyncio.run(serve(options.upstream, options.seed))


if __name__ == "__main__":
    main()
