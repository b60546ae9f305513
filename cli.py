"""The `stepscope` command: its subcommands, what all of them share, and how an error is shown."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any

import rich_click as click

from commands import (
    billing,
    check,
    collect,
    compare,
    dashboard,
    demo,
    doctor,
    estimate,
    facts,
    imports,
    issues,
    policy,
    prices,
    report,
    schedule,
    show,
    store,
)
from commands.session import Session, config_option, store_option
from commands.wording import plain
from store.errors import StepscopeError

HELP = click.RichHelpConfiguration(
    theme="default-slim", text_paragraph_linebreaks="\n\n", padding_helptext_first_line=(0, 0, 1, 0)
)
INTERRUPTED = 130
"""What a shell reports of a program that Ctrl-C ended."""


class Commands(click.RichGroup):
    """The commands in the order in which they are needed. Every refusal is a sentence and a hint on stderr."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order in which they were added."""
        del ctx
        return list(self.commands)

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:
        """Run a command; ends the process with its exit code, unless `standalone_mode` is off."""
        run: Callable[[], Any] = partial(super().main, *args, standalone_mode=False, **extra)
        if not standalone_mode:
            return run()
        sys.exit(_exit_code(run))


def _exit_code(run: Callable[[], Any]) -> int:
    try:
        code = run()
    except StepscopeError as error:
        return _refused(error.sentence, error.hint, error.exit_code)
    except click.UsageError as error:
        asked = error.ctx.command_path if error.ctx else "stepscope"
        return _refused(error.format_message(), f"`{asked} --help` shows how it is meant.", error.exit_code)
    except click.ClickException as error:
        return _refused(error.format_message(), "", error.exit_code)
    except click.Abort:
        return _refused("interrupted", "What was done until then is kept.", INTERRUPTED)
    return code if isinstance(code, int) else 0


def _refused(sentence: str, hint: str, code: int) -> int:
    """Says why, and returns the exit code."""
    ending = "" if sentence.endswith((".", "!", "?", ":")) else "."
    click.echo(plain(f"Error: {sentence}{ending}"), err=True)
    if hint:
        click.echo(plain(hint), err=True)
    return code


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


@click.group(cls=Commands, invoke_without_command=True, context_settings={"obj": Session(_now_ms)})
@click.rich_config(help_config=HELP)
@store_option(envvar="STEPSCOPE_STORE")
@config_option(envvar="STEPSCOPE_CONFIG")
@click.option("--debug", is_flag=True, help="Show the traceback of a failure that nobody foresaw.")
@click.version_option(package_name="stepscope", message="stepscope %(version)s", help="Show the version.")
@click.pass_context
def stepscope(context: click.Context, debug: bool) -> None:
    """AWS Step Functions: what fails, what is retried, where the time goes, and what it costs."""
    if debug:
        sys.excepthook = sys.__excepthook__
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


for command in (
    demo.demo,
    collect.collect,
    imports.import_,
    report.report,
    show.show,
    compare.compare,
    dashboard.dashboard,
    estimate.estimate,
    prices.prices,
    billing.billing,
    facts.facts,
    store.store,
    doctor.doctor,
    issues.issues,
    check.check,
    policy.policy,
    schedule.schedule,
):
    stepscope.add_command(command)


def _unforeseen(kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
    """A fault of the program, in one sentence."""
    what = " ".join(f"{kind.__name__}: {error}".split())
    sentence = f"this should not have happened: {what}"
    _refused(sentence, "Please report it with what `stepscope --debug` and the same words print.", 1)


def main() -> None:
    """The `stepscope` of the shell."""
    sys.excepthook = _unforeseen
    stepscope(prog_name="stepscope")
