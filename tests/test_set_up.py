"""What set-up installs is pinned and argued, and what make offers is listed."""

from __future__ import annotations

import re

import pytest

from tests.source import text


def test_every_dependency_has_its_reason() -> None:
    wanted = re.findall(r"^[a-z][\w-]+", text("requirements.in"), re.MULTILINE)
    argued = re.findall(r"^\| ([a-z][\w-]+) \|", text("docs/decisions/0004-runtime-dependencies.md"), re.MULTILINE)
    assert sorted(wanted) == sorted(set(argued) - {"package"})


def entries(name: str) -> list[str]:
    """The entries of a compiled file, each with its hashes, comments left out."""
    return re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s+#.*\n?", "", text(name), flags=re.MULTILINE).strip())


def pins(name: str) -> set[str]:
    return {entry.split(" ")[0] for entry in entries(name)}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_by_hash(name: str) -> None:
    pinned = re.compile(r"[\w.\[\],-]+==\S+[^\n]*\\\n\s+--hash=sha256:[0-9a-f]{64}")
    assert [entry for entry in entries(name) if not pinned.match(entry)] == []


def test_what_runs_is_pinned_alike_in_development() -> None:
    assert pins("requirements.txt") - pins("requirements-dev.txt") == set()


def test_make_lists_every_target_that_is_for_people() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", text("Makefile"), re.MULTILINE)
    described = set(re.findall(r"^([a-z]+):.*## ", text("Makefile"), re.MULTILINE))
    steps_of_check = {"help", "style", "lint", "types", "contracts", "docs"}
    assert phony
    assert described == set(phony[1].split()) - steps_of_check
