"""The glossary as the pages use it: its text, its terms, and which term a column's name holds. Pure."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

PATH = Path(__file__).parents[1] / "docs" / "glossary.md"


@cache
def text() -> str:
    """The glossary in Markdown; a sentence that says where it is when this copy came without its docs."""
    if not PATH.is_file():
        return "The glossary is `docs/glossary.md` in Stepscope's sources; this copy came without it."
    return PATH.read_text(encoding="utf-8")


@cache
def terms() -> tuple[str, ...]:
    """The terms that it explains, the longest first, so that `root state` is found before `state`."""
    found = re.findall(r"^## (.+)$", text(), re.MULTILINE)
    return tuple(sorted(found, key=len, reverse=True))


@cache
def term_of(column: str) -> str | None:
    """The term that a column's name holds: `root_state` is `root state`, `retries` is `retry`."""
    words = column.split("_")
    names = f" {' '.join(words)} | {' '.join(map(_singular, words))} "
    return next((term for term in terms() if f" {term} " in names), None)


def _singular(word: str) -> str:
    return f"{word.removesuffix('ies')}y" if word.endswith("ies") else word.removesuffix("s")
