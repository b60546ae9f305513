"""Secrets and payloads taken out of causes, the only free text of an execution that is kept.

A cause is what a workflow's author or a stack trace wrote, so nobody knows what is in it. Rather a word too many is
taken out than a password left in; what is taken out leaves a mark that says what it was.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import NamedTuple


class Rule(NamedTuple):
    """What to look for, what to leave in its place, and the letters without which there is no need to look."""

    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]


# Text within JSON within JSON has quotes behind one, three, seven backslashes: a value ends at a quote like its first.
_QUOTED = r"(?P<quote>\\*[\"'])(?:.*?)(?:(?<!\\)(?P=quote)|\Z)"
_NAME = (
    r"(?<![\w.:-])(?!secretsmanager:)[\w.-]*(?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential"
    r"|signature|cookie|session[_-]?id|connection[_-]?string)[\w.-]*+"
)
_NAME_HINTS = tuple("passw passphrase pwd secret token key credential signature cookie session connection".split())


def _is_aws_secret(text: str) -> bool:
    """Whether 40 letters are as mixed as a secret key, and neither a path nor a hash."""
    return (
        text.count("/") < 4  # noqa: PLR2004 -- a path has more, by chance a secret rarely
        and any(letter.isupper() for letter in text)
        and any(letter.islower() for letter in text)
        and any(letter.isdigit() for letter in text)
    )


def _without_secret(match: re.Match[str]) -> str:
    return "[secret key]" if _is_aws_secret(match[0]) else match[0]


_RULES = (
    # A nested workflow's failure carries its whole DescribeExecution as JSON, payloads too.
    Rule(
        ("input", "output"),
        re.compile(r"((?<!\\)(?P<q>\\*\")(?:Input|Output)(?P=q)\s*:\s*(?P=q))(?:.*?)((?<!\\)(?P=q)|\Z)", re.DOTALL),
        r"\1[payload]\3",
    ),
    Rule(
        ("private key",),
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL),
        "[private key]",
    ),
    Rule(("eyj",), re.compile(r"\beyJ[\w-]{8,}+(?:\.[\w-]*+){0,2}"), "[token]"),
    Rule(
        ("authorization",),
        re.compile(
            r"(?i)(authorization\\*[\"']?\s*[:=]\s*\\*[\"']?(?:(?:bearer|basic|digest|token|aws4-\S+)\s+)?)[^\s\"',;\\]+"
        ),
        r"\1[token]",
    ),
    Rule(
        ("bearer", "basic"), re.compile(r"(?i)\b(bearer|basic)(\s+)(?=\S*[\d=]|\S{16})[\w.~+/=-]{8,}+"), r"\1\2[token]"
    ),
    Rule(
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "xox", "sk_live_", "sk_test_", "aiza"),
        re.compile(r"\b(?:gh[pousr]_|github_pat_|xox[abeoprs]-|sk_(?:live|test)_|AIza)[\w-]{10,}+"),
        "[token]",
    ),
    Rule(("akia", "asia", "abia", "acca"), re.compile(r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}+"), "[access key]"),
    Rule(("://",), re.compile(r"(://[^\s/:@]*+:)[^\s/@]++@"), r"\1[password]@"),
    Rule(
        _NAME_HINTS,
        re.compile(rf"(?i)({_NAME}\\*[\"']?\s*[:=]\s*){_QUOTED}", re.DOTALL),
        r"\1\g<quote>[secret]\g<quote>",
    ),
    Rule(
        _NAME_HINTS,
        re.compile(rf"(?i)({_NAME}\\*[\"']?\s*[:=]\s*)(?![\[\"'\\])[^\s,;&\"'\\)}}\]]+"),
        r"\1[secret]",
    ),
    Rule(_NAME_HINTS, re.compile(rf"(?i)((?=--){_NAME}\s+)(?![-\[])\S+"), r"\1[secret]"),
    Rule(_NAME_HINTS, re.compile(rf"(?i)(<{_NAME}>)[^<]+"), r"\1[secret]"),
    Rule(("@",), re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)++"), "[e-mail]"),
    Rule((), re.compile(r"(?<![\w/+=])[A-Za-z0-9/+]{40}(?![\w/+=])"), _without_secret),
)


@functools.lru_cache(maxsize=4_096)
def redacted(text: str) -> str:
    """The text without AWS keys, tokens, passwords, secrets, e-mail addresses and the payloads of nested workflows."""
    letters = text.lower()
    for rule in _RULES:
        if not rule.hints or any(hint in letters for hint in rule.hints):
            text = rule.pattern.sub(rule.replacement, text)
    return text
