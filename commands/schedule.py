"""`stepscope schedule`: a line for cron, or units for systemd, that collect again and again."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import rich_click as click

from commands.collect import collect
from commands.session import Session, examples, pass_session, store_option
from store.errors import MisuseError

SERVICE = """\
# /etc/systemd/system/stepscope.service
[Unit]
Description=Stepscope: one pass of the collector
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command}

# /etc/systemd/system/stepscope.timer
[Unit]
Description=Stepscope: collect every {every}

[Timer]
OnBootSec=1min
OnUnitActiveSec={seconds}s

[Install]
WantedBy=timers.target

# Then: systemctl enable --now stepscope.timer"""

_MINUTES_IN_HOUR, _HOURS_IN_DAY = 60, 24


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--every", default="15m", show_default=True, metavar="SPAN", help="How often: 15m, 1h, 1d.")
@click.option("--systemd", is_flag=True, help="Print units for systemd instead of a line for cron.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS OF COLLECT]...")
@store_option()
@pass_session
@examples(
    "stepscope schedule --every 15m --profile reader --region eu-west-1", "stepscope schedule --systemd --every 1h"
)
def schedule(session: Session, every: str, systemd: bool, options: tuple[str, ...]) -> None:
    """Print what makes this machine collect again and again. It changes nothing by itself.

    Every option of `collect` is passed on.
    """
    from commands.moments import seconds

    collect.make_context("stepscope collect", list(options), obj=session)  # refuses what `collect` does not know
    span = round(seconds(every))
    command = _command(session.folder.absolute(), options)
    session.say(
        SERVICE.format(command=command.replace("%", "%%"), every=every, seconds=span)
        if systemd
        else f"{_cron_times(span, every)} {command.replace('%', chr(92) + '%')}"
    )


def _command(folder: Path, options: Sequence[str]) -> str:
    program = Path(sys.argv[0]).absolute()
    return shlex.join([str(program), "collect", "--store", str(folder), *options])


def _cron_times(span: int, every: str) -> str:
    """Cron's five fields for a span that divides the hour or the day. Raises MisuseError for any other."""
    minutes, hours = divmod(span, 60)[0], span // 3_600
    if span % 60 == 0 and minutes < _MINUTES_IN_HOUR and _MINUTES_IN_HOUR % minutes == 0:
        return f"*/{minutes} * * * *"
    if span % 3_600 == 0 and hours < _HOURS_IN_DAY and _HOURS_IN_DAY % hours == 0:
        return f"0 */{hours} * * *"
    if hours == _HOURS_IN_DAY and span % 3_600 == 0:
        return "0 3 * * *"
    raise MisuseError(f"cron cannot say every {every}", "Use a span that divides the hour or the day, or --systemd.")
