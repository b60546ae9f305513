"""The sixteen ways in which an answer of AWS goes wrong, by rule.

    {"fault": "throttle", "op": "GetExecutionHistory", "p": 0.1, "after": 0, "times": 5, "body": "needle", ...}

`op` is an operation, a list of them, or "*"; `p` the chance for each matching call (default 1); `after` skips the first
matches; `times` is how often it fires at most; `body` limits it to requests that hold this text.
"""

from __future__ import annotations

import json
import random
import secrets
import time
from typing import Any

FAULTS = {
    "throttle": "400 ThrottlingException, independent of the buckets",
    "error": "any error: `code`, `status`, `message` (default 500 InternalServerException)",
    "expired": "400 ExpiredTokenException",
    "denied": "400 AccessDeniedException",
    "html": "503 with an HTML body, as a load balancer answers",
    "drop": "closes the connection without an answer, before calling upstream",
    "drop_after": "calls upstream, then closes without an answer: the work was done, the answer lost",
    "reset": "TCP reset in the middle of the body",
    "truncate": "announces the full Content-Length, sends half, closes",
    "bad_json": "200 with half a JSON document and a matching Content-Length",
    "slow": "waits `seconds` before answering (read timeouts)",
    "trickle": "sends the body in small pieces over `seconds`",
    "repeat_page": "answers a page, then the same page again under the next token",
    "overlap": "prepends the last `n` items of the page before (default 3)",
    "empty_page": "answers an empty page with a nextToken first, which is legal, then the real page",
    "token_expired": "400 InvalidToken for a request that carries a nextToken",
}
ERRORS: dict[str, tuple[int, str, str]] = {
    "throttle": (400, "ThrottlingException", "Rate exceeded"),
    "expired": (400, "ExpiredTokenException", "The security token included in the request is expired"),
    "denied": (
        400,
        "AccessDeniedException",
        "User: arn:aws:iam::123456789012:user/x is not authorized",
    ),
    "token_expired": (400, "InvalidToken", "Invalid Token: 'Token expired'"),
    "error": (500, "InternalServerException", "internal failure"),
}
LIST_OF = {
    "ListExecutions": "executions",
    "GetExecutionHistory": "events",
    "FilterLogEvents": "events",
    "ListStateMachines": "stateMachines",
    "ListMapRuns": "mapRuns",
    "ListStateMachineVersions": "stateMachineVersions",
    "ListStateMachineAliases": "stateMachineAliases",
}
Rule = dict[str, Any]


class Faults:
    """The rules in force, how often each matched and fired, and the tokens that the proxy made up."""

    def __init__(self, seed: int | None = None) -> None:
        self.dice = random.Random(seed)
        self.list_lag_s = 0.0
        self.clear()

    def clear(self) -> None:
        """Drops the rules and everything remembered for them."""
        self.rules: list[Rule] = []
        self.made_up: dict[str, dict[str, Any]] = {}
        self.last_page: dict[str, list[Any]] = {}

    def use(self, rules: list[Rule]) -> None:
        """Replaces the rules; an unknown fault is refused."""
        unknown = [rule.get("fault") for rule in rules if rule.get("fault") not in FAULTS]
        if unknown:
            raise ValueError(f"unknown fault {unknown[0]!r}; one of {sorted(FAULTS)}")
        self.rules = [{**rule, "seen": 0, "fired": 0} for rule in rules]

    def due(self, operation: str, body: bytes) -> Rule | None:
        """The first rule that fires for this call."""
        return next((rule for rule in self.rules if self._fires(rule, operation, body)), None)

    def _fires(self, rule: Rule, operation: str, body: bytes) -> bool:
        operations = rule.get("op", "*")
        matches = operations == "*" or operation in ([operations] if isinstance(operations, str) else operations)
        if rule["fault"] == "token_expired":
            matches = matches and token_of(body) is not None
        if not matches or rule.get("body", "").encode() not in body:
            return False
        rule["seen"] += 1
        if rule["seen"] <= rule.get("after", 0) or rule["fired"] >= rule.get("times", float("inf")):
            return False
        fires: bool = self.dice.random() < rule.get("p", 1)
        rule["fired"] += fires
        return fires

    def token_for(self, **meaning: Any) -> str:
        """A nextToken of the proxy's own: for a page kept (`page`) or for a real token (`token`)."""
        token = "proxy" + secrets.token_hex(16)
        self.made_up[token] = meaning
        return token

    def empty_page(self, operation: str, body: bytes) -> bytes | None:
        """An empty page before the real one; None for the real one, and where the operation gives no pages."""
        if operation not in LIST_OF or token_of(body) in self.made_up:
            return None
        return json.dumps({LIST_OF[operation]: [], "nextToken": self.token_for(token=token_of(body))}).encode()

    def rewritten(self, operation: str, rule: Rule | None, asked: bytes, answer: bytes) -> bytes:
        """A good page with what `overlap`, `repeat_page` or a listing's lag does to it."""
        name = LIST_OF.get(operation)
        page = _document(answer) if name and self._touches_pages() else None
        if name is None or page is None or name not in page:
            return answer
        before = self._page_before(operation, asked, page[name])
        fault = rule["fault"] if rule else ""
        if self.list_lag_s and operation == "ListExecutions":
            page[name] = [row for row in page[name] if row["startDate"] < time.time() - self.list_lag_s]
        if fault == "overlap" and before and rule:
            page[name] = before[-rule.get("n", 3) :] + page[name]
        if fault == "repeat_page" and page.get("nextToken"):
            page["nextToken"] = self.token_for(page=json.dumps(page).encode())
        return json.dumps(page).encode()

    def _touches_pages(self) -> bool:
        return self.list_lag_s > 0 or any(rule["fault"] in {"overlap", "repeat_page"} for rule in self.rules)

    def _page_before(self, operation: str, asked: bytes, items: list[Any]) -> list[Any]:
        """The items of the page before this one in the same listing; remembers this one's."""
        question = _document(asked) or {}
        token = question.pop("nextToken", None)
        listing = operation + json.dumps(question, sort_keys=True)
        before = self.last_page.get(listing, []) if token else []
        self.last_page[listing] = items
        return before


def _document(body: bytes) -> dict[str, Any] | None:
    try:
        read = json.loads(body or b"{}")
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def token_of(body: bytes) -> str | None:
    """The nextToken of a request or answer."""
    return (_document(body) or {}).get("nextToken")


def with_token(body: bytes, token: str | None) -> bytes:
    """The request with another nextToken, or with none."""
    question = {k: v for k, v in (_document(body) or {}).items() if k != "nextToken"}
    return json.dumps(question | ({"nextToken": token} if token else {})).encode()


def with_rows(body: bytes, operation: str, most: int) -> bytes:
    """The request asking for so many rows at most."""
    question, name = _document(body) or {}, "limit" if operation == "FilterLogEvents" else "maxResults"
    return json.dumps(question | {name: min(most, question.get(name) or most)}).encode()
