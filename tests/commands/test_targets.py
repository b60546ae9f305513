from __future__ import annotations

from collections.abc import Sequence

import click
import pytest
from click.testing import CliRunner

from collectors.sessions import Target
from commands.targets import target_options, targets_of, told_apart
from store.errors import MisuseError
from store.settings import Settings, TargetSettings


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


@pytest.mark.parametrize(
    "option", ["--profile", "--region", "--role-arn", "--endpoint-url", "--external-id", "--queue"]
)
def test_options_are_named_as_in_the_aws_cli(option: str) -> None:
    assert len(targets(option, "x")) == 1


SETTINGS = Settings(
    targets=(
        TargetSettings(profile="a", regions=("eu-west-1", "cn-north-1"), machines=("order*",)),
        TargetSettings(role_arn="arn:aws:iam::111122223333:role/r", external_id="x", queue="q"),
    )
)


def test_the_settings_name_accounts_times_regions() -> None:
    assert targets_of(SETTINGS) == [
        Target("eu-west-1", "a", machines=("order*",)),
        Target("cn-north-1", "a", machines=("order*",)),
        Target(None, None, "arn:aws:iam::111122223333:role/r", "x", queue="q"),
    ]


def test_settings_without_targets_leave_it_to_the_environment() -> None:
    assert targets_of(Settings()) == targets_of(None) == [Target()]


def test_each_target_has_a_name_of_its_own() -> None:
    with pytest.raises(MisuseError, match="two targets are called a/b"):
        told_apart([Target("b", "a"), Target("b", "a", machines=("x",))])
    assert told_apart([Target("b", "a"), Target("b", "a")]) == [Target("b", "a")]


def test_a_queue_belongs_to_one_target() -> None:
    with pytest.raises(MisuseError, match="two targets have the queue q"):
        told_apart([Target("a", queue="q"), Target("b", queue="q")])
