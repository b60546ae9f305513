"""The image: it holds all that is shipped, runs what exists, and as nobody special."""

from __future__ import annotations

import json
import re

from commands.collect import collect
from tests.source import ROOT, shipped_modules, text

LINES = text("deploy/Containerfile").splitlines()


def of(instruction: str) -> list[str]:
    return [line.removeprefix(instruction).strip() for line in LINES if line.startswith(f"{instruction} ")]


def copied() -> set[str]:
    """What is copied from the repository."""
    return {word for line in of("COPY") if not line.startswith("--from") for word in line.split()[:-1]}


def test_all_that_is_copied_is_there() -> None:
    assert [name for name in copied() if not (ROOT / name).exists()] == []


def test_all_that_is_shipped_is_copied() -> None:
    assert {name.partition("/")[0] for name in shipped_modules()} - copied() == set()


def test_only_what_is_pinned_is_installed() -> None:
    [requirements, itself] = re.findall(r"pip install (.+)", text("deploy/Containerfile"))
    assert "--require-hashes -r requirements.txt" in requirements
    assert "--no-deps ." in itself


def test_it_runs_as_nobody_special_and_ends_on_sigterm() -> None:
    assert of("USER") == ["10001:10001"]
    assert of("STOPSIGNAL") == ["SIGTERM"]


def test_what_it_runs_is_understood() -> None:
    [entry], [words] = of("ENTRYPOINT"), of("CMD")
    assert json.loads(entry) == ["stepscope"]
    command, *options = json.loads(words)
    context = collect.make_context(command, options, obj=None, resilient_parsing=True)
    assert context.params["log_format"] == "json"


def test_the_store_is_where_the_variable_says() -> None:
    [variables] = of("ENV")
    assert f"STEPSCOPE_STORE={of('VOLUME')[0]}" in variables.split()
