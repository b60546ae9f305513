from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands.running import done, ran, refusal


@pytest.fixture
def store(sample: Path, tmp_path: Path) -> Path:
    """A store of one's own with the sample data."""
    return Path(shutil.copytree(sample, tmp_path / "store"))


def open_ones(store: Path, *options: str) -> list[str]:
    """The ids that are listed."""
    text = done(ran("issues", "list", *options, "--store", store))
    return [line.split()[0] for line in text.splitlines() if line[:1].isalnum() and " execution" in line]


def test_the_new_error_of_the_sample_is_the_first_that_is_listed(sample: Path) -> None:
    first, second = done(ran("issues", "list", "--store", sample)).splitlines()[:2]
    assert first.split()[1:3] == ["new", "open"]
    assert "recommendation / Fetch profile  ProfileSchemaError" in second


def test_a_muted_issue_is_listed_only_among_all_and_reopened_it_is_back(store: Path) -> None:
    before = open_ones(store)
    assert f"{before[0]} is muted until 100 more executions." in done(
        ran("issues", "mute", before[0], "--until", 100, "--store", store)
    )
    assert open_ones(store)[: len(before) - 1] == before[1:]
    assert before[0] in open_ones(store, "--all")
    assert done(ran("issues", "reopen", before[0], "--store", store)) == f"{before[0]} is open.\n"
    assert open_ones(store) == before
    assert "open already" in done(ran("issues", "reopen", before[0], "--store", store))


def test_a_resolved_issue_is_closed(store: Path) -> None:
    first, *others = open_ones(store)
    done(ran("issues", "resolve", first, "--store", store))
    assert open_ones(store)[: len(others)] == others


def test_an_id_that_no_issue_has_is_misuse(sample: Path) -> None:
    assert "`stepscope issues list --all`" in refusal(ran("issues", "mute", "nope", "--store", sample), 2)
