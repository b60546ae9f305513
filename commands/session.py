"""What every command works with: the folder of the store, the settings, the clock, and the two streams it speaks on."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import rich_click as click

from commands.wording import plain

if TYPE_CHECKING:
    from store.settings import Settings

DEFAULT_FOLDER = Path("stepscope-data")


@dataclass(frozen=True)
class Session:
    """One call of the program. `clock` gives epoch milliseconds.

    `named` and `config` are None while nobody named a store or a file of settings.
    """

    clock: Callable[[], int]
    named: Path | None = None
    config: Path | None = None

    @property
    def folder(self) -> Path:
        """The folder of the store."""
        return self.named or DEFAULT_FOLDER

    @cached_property
    def settings(self) -> Settings:
        """What the team has written down. Raises `MisuseError` when that cannot be meant."""
        from store.settings import settings_of

        return settings_of(self.folder, self.config)

    def say(self, text: str = "") -> None:
        """Print a line of the answer."""
        click.echo(plain(text))

    def tell(self, text: str) -> None:
        """Print a line that is not the answer: what goes on, and what is missing."""
        click.echo(plain(text), err=True)


_Command = TypeVar("_Command", bound=Callable[..., Any])

pass_session = click.make_pass_decorator(Session)


def _named(context: click.Context, _: click.Parameter, folder: Path | None) -> None:
    if folder is not None:
        context.obj = replace(context.obj, named=folder)


def store_option(envvar: str | None = None) -> Callable[[_Command], _Command]:
    """`--store`, which may stand before or behind the name of a command."""
    return click.option(
        "--store",
        metavar="FOLDER",
        type=click.Path(path_type=Path, file_okay=False),
        envvar=envvar,
        expose_value=False,
        callback=_named,
        help=f"Folder of the store.  [default: $STEPSCOPE_STORE, else ./{DEFAULT_FOLDER}]",
    )


def _configured(context: click.Context, _: click.Parameter, file: Path | None) -> None:
    if file is not None:
        context.obj = replace(context.obj, config=file)


def config_option(envvar: str | None = None) -> Callable[[_Command], _Command]:
    """`--config`, which may stand before or behind the name of a command."""
    return click.option(
        "--config",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar=envvar,
        expose_value=False,
        callback=_configured,
        help="File of settings.  [default: $STEPSCOPE_CONFIG, else stepscope.toml in the store's folder]",
    )


def examples(*lines: str) -> Callable[[_Command], _Command]:
    """Calls to copy, at the end of a command's help. Stands right above the function, which has the help."""
    shown = "\n".join(("\b", "Examples:", *(f"$ {line}" for line in lines)))

    def with_examples(command: _Command) -> _Command:
        command.__doc__ = f"{inspect.getdoc(command)}\n\n{shown}"
        return command

    return with_examples
