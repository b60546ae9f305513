from __future__ import annotations

from collections.abc import Sequence

import click
import pytest
from click.testing import CliRunner

from collectors.sessions import Target
from commands.targets import target_options


def targets(*words: str) -> list[Target]:
    """What a command with these options is given."""
    given: list[Target] = []

    @click.command()
    @target_options
    def command(targets: Sequence[Target]) -> None:
        """Keeps what it is given."""
        given.extend(targets)

    assert CliRunner().invoke(command, list(words)).exit_code == 0
    return given


def test_without_an_option_the_environment_decides() -> None:
    assert targets() == [Target()]


def test_every_region_is_a_target_and_the_rest_is_shared() -> None:
    words = ("--region", "b", "--region", "a", "--profile", "p", "--role-arn", "r", "--endpoint-url", "u")
    assert targets(*words) == [Target(region, "p", "r", endpoint_url="u") for region in ("b", "a")]


@pytest.mark.parametrize("option", ["--profile", "--region", "--role-arn", "--endpoint-url"])
def test_options_are_named_as_in_the_aws_cli(option: str) -> None:
    assert len(targets(option, "x")) == 1
