"""The commands of `stepscope` and their help as plain text, for docs/cli.md and the tests of the documents."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import click

WIDTH = 110

Named = tuple[str, click.Command]


def stepscope() -> click.Group:
    """The group that all commands hang from: the first in the module, as the others are made from it."""
    return next(value for value in vars(import_module("cli")).values() if isinstance(value, click.Group))


def commands(group: click.Group, above: str = "stepscope") -> Iterator[Named]:
    """Every command with the words that call it, those of its groups first."""
    yield above, group
    for name, command in group.commands.items():
        words = f"{above} {name}"
        if isinstance(command, click.Group):
            yield from commands(command, words)
        else:
            yield words, command


def help_text(words: str, command: click.Command) -> str:
    """What `--help` says, without colours and boxes, whatever the terminal."""
    context = click.Context(command, info_name=words)
    formatter = click.HelpFormatter(width=WIDTH)
    click.Command.format_usage(command, context, formatter)
    click.Command.format_help_text(command, context, formatter)
    click.Command.format_options(command, context, formatter)
    if isinstance(command, click.Group):
        click.Group.format_commands(command, context, formatter)
    click.Command.format_epilog(command, context, formatter)
    return formatter.getvalue().rstrip()
