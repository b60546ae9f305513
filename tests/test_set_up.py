"""What set-up installs is pinned and argued, and what make offers is listed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.source import ROOT, text


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


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ('[ "$1" = -V ] && echo Python 3.9.2 || exit 1', "needs Python 3.11 or newer; './python' is Python 3.9.2."),
        ('case "$2" in *ensurepip*) exit 1;; esac', "its venv or ensurepip module is missing."),
        (None, "there is no './python' here."),
    ],
    ids=["old", "bare", "none"],
)
def test_set_up_says_what_python_lacks(tmp_path: Path, script: str | None, sentence: str) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "setup", tmp_path / ".ci")
    if script:
        (tmp_path / "python").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "python").chmod(0o755)
    stopped = subprocess.run(
        ["/bin/bash", ".ci/setup"],
        cwd=tmp_path,
        env={"PYTHON": "./python", "UV": "", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert stopped.returncode == 1
    assert sentence in stopped.stderr
    assert not (tmp_path / ".venv").exists()
