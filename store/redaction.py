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
_NAMES = (
    r"passw(?:or)?[dt]|passphrase|passcode|pwd|secret|token|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key"
    r"|encryption[_-]?key|license[_-]?key|credential|signature|cookie|session[_-]?id|connection[_-]?string"
    r"|비밀\s?번호|패스워드|비번|암호|시크릿|비밀\s?키|인증\s?키|접근\s?키|액세스\s?키|보안\s?키|토큰|인증\s?번호|주민(?:등록)?\s?번호|계좌\s?번호|카드\s?번호"
)
"""Words that a secret is called by. In Korean a particle may follow: `비밀번호는`."""
_NAME = rf"(?<![\w.:-])(?!secretsmanager:)[\w.-]*(?:{_NAMES})[\w.-]*+"
_NAME_HINTS = tuple(
    "passw passphrase passcode pwd secret token key credential signature cookie session connection"
    " 비밀 패스워드 비번 암호 시크릿 인증 접근 액세스 보안 토큰 주민 계좌 카드".split()
)


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
        tuple(
            "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xox sk_live_ sk_test_ rk_live_ rk_test_ whsec_ aiza ya29."
            " npm_ pypi- sg. sk- dapi hvs. shpat_ iqoj fwog".split()
        ),
        re.compile(
            r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|[sr]k_(?:live|test)_|whsec_|AIza|ya29\.|npm_|pypi-|SG\."
            r"|sk-(?:proj-|ant-)?(?=[\w-]*\d)|dapi(?=[0-9a-f]{32})|hvs\.|shpat_|IQoJ|FwoG)[\w./+=-]{16,}+"
        ),
        "[token]",
    ),
    Rule(
        ("hooks.slack.com",),
        re.compile(r"(hooks\.slack\.com/(?:services|workflows|triggers)/)[\w/-]++"),
        r"\1[token]",
    ),
    Rule(("-",), re.compile(r"(?<!\d)\d{6}-[1-8]\d{6}(?!\d)"), "[resident number]"),
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


_ACCOUNT = re.compile(r"(?<![\d.-])\d{12}(?![\d.-]*\d)")


def without_accounts(text: str) -> str:
    """As `redacted`, and without the numbers of AWS accounts, in ARNs too."""
    return _ACCOUNT.sub("[account]", redacted(text))
