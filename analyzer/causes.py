"""What a cause says once all that differs from run to run is masked: the same fault, told twice, reads the same.

Masks look at one text alone, and never at others, so that a cause has one form in every window, order and machine
(decision 0013). What is masked leaves a mark: `<id>`, `<n>`, `<time>`, `<arn>`, `<json>`, `<path>`.

The JSON that AWS writes as causes: of Lambda, developer guide of AWS Lambda, "Function errors" (`errorMessage`,
`errorType`, `stackTrace` or `trace`); of nested workflows the answer of DescribeExecution (`Error`, `Cause`,
`StateMachineArn`); of ECS, Batch, Glue and CodeBuild jobs the job's description (`StoppedReason`, `StatusReason`,
`ErrorMessage`).
"""

from __future__ import annotations

import functools
import re

MASKED_CHARS = 240
"""How much of a masked cause is kept: enough to tell causes apart and short enough to read."""

MOST_READ = 1_200
"""How much of a cause is looked at. What stands behind it is stack trace."""

_DEEPEST = 4
"""How many workflows within workflows are followed to the cause of the innermost."""

_STRING = r'\s*:\s*"((?:[^"\\]|\\.)*)'
_SAYS_WHY = tuple(
    re.compile(rf'"{name}"{_STRING}')
    for name in (
        "errorMessage",
        "StoppedReason",
        "StatusReason",
        "ErrorMessage",
        "message",
        "Message",
        "Cause",
        "Error",
    )
)
_SAYS_WHAT = re.compile(rf'"(?:errorType|Error)"{_STRING}')
_TRACE = re.compile(r"\s*(?:\n\s+at |\n\s*File \"|Traceback \(most recent call last\):|\n\s*\.\.\. \d+ more)")
_LAST_OF_TRACEBACK = re.compile(r"\n([A-Za-z_][\w.]*(?:Error|Exception|Warning|Exit)\b[^\n]*)\s*\Z")

_URL_TAIL = r"(\bhttps?://[^\s/?#\"'<>]+)[^\s\"'<>)\]]*"
_CODE = r"((?:status(?:\s?code)?|http(?:/\d(?:\.\d)?)?|error code)\s*[:=]?\s*)([1-5]\d\d)\b"
_UUID = r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b"
_TIME = (
    r"\b\d{4}[-/]\d\d[-/]\d\d(?:[T ]\d\d:?\d\d(?::?\d\d(?:[.,]\d+)?)?)?(?:Z\b|\s?[+-]\d\d:?\d\d\b|\sUTC\b)?"
    r"|\b(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s)?\d{1,2}\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"\s\d{4}(?:\s\d\d:\d\d(?::\d\d)?)?(?:\s(?:GMT|UTC))?|\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"
)
_MASKS = re.compile(
    rf"(?P<code>{_CODE})"
    r"|(?P<arn>\barn:aws[\w-]*:[^\s\"'<>,;)\]}]*)"
    rf"|(?P<url>{_URL_TAIL})"
    r"|(?P<json>'[{\[].*?(?:[}\]]'(?!\w)|\Z))"
    rf"|(?P<uuid>{_UUID})"
    rf"|(?P<time>{_TIME})"
    r"|(?P<mark>\[(?:secret key|access key|private key|e-mail|token|secret|password|payload)\])"
    r"|(?P<number>(?<![\w.-])[-+]?\d+(?:[.,:]\d+)*(?:e[-+]?\d+)?(?:(?=%)|(?=(?:ms|s|kb|mb|gb|kib|mib|bytes?)\b)|(?![\w-])))"
    r"|(?P<word>(?<![\w])[\w$@+=-]*\d[\w$@+=-]*(?:[./:][\w$@+=-]*\d[\w$@+=-]*)*)"
    r"|(?P<hex>\b(?=[a-f]*[0-9])[0-9a-f]{8,}\b)"
    r"|(?P<mixed>\b(?=[A-Za-z]*[A-Z][A-Za-z]*[a-z])[A-Za-z]{16,}\b)",
    re.IGNORECASE,
)
_KEPT_WORD = re.compile(r"(?:utf|sha|md|base|http|oauth|ipv|ec|s|v|x|k)-?\d{1,3}|\d(?:xx|d)|\$+", re.IGNORECASE)
_HUMP = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{2,}(?![a-z])")
_SPACE = re.compile(r"\s+")


@functools.lru_cache(maxsize=8_192)
def masked(cause: str) -> str:
    """The form of a cause that all failures of the same kind share, in one line; empty for an empty cause."""
    said = _said(cause[:MOST_READ], _DEEPEST)
    return _SPACE.sub(" ", _MASKS.sub(_mark, said)).strip()[:MASKED_CHARS].strip()


def _said(cause: str, deep: int) -> str:
    """What a cause says without its stack trace: of JSON the error and its message, of a nested workflow its cause."""
    text = cause.strip()
    if not text.startswith(("{", "[{")):
        return _without_trace(text)
    message = next((found[1] for pattern in _SAYS_WHY if (found := pattern.search(text)) and found[1]), None)
    if message is None:
        return text
    kind = _SAYS_WHAT.search(text)
    inner = _unquoted(message)
    said = _said(inner, deep - 1) if deep else inner
    return f"{kind[1]}: {said}" if kind is not None and not said.startswith(kind[1]) else said


def _unquoted(text: str) -> str:
    """A JSON string's text as it was before it was written as JSON, whole or cut off."""
    return text.replace(r"\\", "\0").replace(r"\"", '"').replace(r"\n", "\n").replace(r"\t", "\t").replace("\0", "\\")


def _without_trace(text: str) -> str:
    """The text before a stack trace; of one that begins with Python's, the line of the error below it."""
    found = _TRACE.search(text)
    if found is None:
        return text
    last = _LAST_OF_TRACEBACK.search(text)
    return text[: found.start()] or (last[1] if last is not None else text)


def _mark(match: re.Match[str]) -> str:
    """What is left in the place of a text that differs from run to run."""
    kind, text = match.lastgroup, match[0]
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind == "url":
        return _URL.sub(r"\1/<path>", text)
    if kind == "word":
        return text if _KEPT_WORD.fullmatch(text) else "<id>"
    return "<id>" if kind == "mixed" and _is_random(text) else text


_PLAIN = {"arn": "<arn>", "uuid": "<id>", "hex": "<id>", "time": "<time>", "number": "<n>", "json": "<json>"}
_URL = re.compile(_URL_TAIL)


def _is_random(text: str) -> bool:
    """Letters in upper and lower case that make no words: fewer than half of them stand in humps of three or more."""
    humps = sum(len(part) for part in _HUMP.findall(text) if len(part) > 2)  # noqa: PLR2004 -- a word has three letters
    return humps * 2 < len(text)
