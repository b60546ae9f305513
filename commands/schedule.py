"""`stepscope schedule`: a line for cron, or units for systemd, that collect again and again."""

from __future__ import annotations

import getpass
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import rich_click as click

from commands.collect import collect
from commands.session import Session, examples, pass_session, store_option
from store.errors import MisuseError

UNIT = """\
# /etc/systemd/system/stepscope.service
[Unit]
Description=Stepscope: {what}
Wants=network-online.target
After=network-online.target

[Service]
Type={type}
User={user}
ExecStart={command}
# 143: told to end in the middle of a pass, which is then noted as interrupted.
SuccessExitStatus=143
TimeoutStopSec=120
Nice=10
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=full
"""
TIMER = """
# /etc/systemd/system/stepscope.timer
[Unit]
Description=Stepscope: collect every {every}

[Timer]
OnBootSec=1min
OnUnitActiveSec={seconds}s

[Install]
WantedBy=timers.target
"""
RESTARTED = """\
Restart=on-failure
RestartSec=60

[Install]
WantedBy=multi-user.target
"""
THEN = """
# Then: mkdir -p {folder} && systemctl daemon-reload && systemctl enable --now stepscope.{kind}"""

_MINUTES_IN_HOUR, _HOURS_IN_DAY = 60, 24


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--every", default="15m", show_default=True, metavar="SPAN", help="How often: 15m, 1h, 1d.")
@click.option("--systemd", is_flag=True, help="Print a service and a timer for systemd instead of a line for cron.")
@click.option("--service", is_flag=True, help="Print a service for systemd that goes on by itself, as --every does.")
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[OPTIONS OF COLLECT]...")
@store_option()
@pass_session
@examples(
    "stepscope schedule --every 15m --profile reader --region eu-west-1",
    "stepscope schedule --systemd --every 1h",
    "stepscope schedule --service --every 5m --log-format json",
)
def schedule(session: Session, every: str, systemd: bool, service: bool, options: tuple[str, ...]) -> None:
    """Print what makes this machine collect again and again. It changes nothing by itself.

    Every option of `collect` is passed on. A pass that begins before the last one ended finds the store taken, says so
    and ends well.
    """
    from commands.moments import seconds

    if systemd and service:
        raise MisuseError("--systemd and --service exclude each other", "One has a timer, the other goes on by itself.")
    collect.make_context("stepscope collect", list(options), obj=session)  # refuses what `collect` does not know
    span, folder = round(seconds(every)), session.folder.absolute()
    if service:
        session.say(_service(folder, _command(folder, ("--every", every, *options))))
    elif systemd:
        session.say(_timer(folder, _command(folder, options), every, span))
    else:
        session.say(f"{_cron_times(span, every)} {_command(folder, options).replace('%', chr(92) + '%')}")


def _unit(what: str, kind: str, command: str) -> str:
    expanded = command.replace("%", "%%").replace("$", "$$")  # systemd would fill both in
    return UNIT.format(what=what, type=kind, user=getpass.getuser(), command=expanded)


def _timer(folder: Path, command: str, every: str, span: int) -> str:
    """A service of one pass, and the timer that starts it."""
    unit = _unit("one pass of the collector", "oneshot", command)
    return unit + TIMER.format(every=every, seconds=span) + THEN.format(folder=shlex.quote(str(folder)), kind="timer")


def _service(folder: Path, command: str) -> str:
    """A service that goes on by itself."""
    unit = _unit("the collector", "exec", command)
    return unit + RESTARTED + THEN.format(folder=shlex.quote(str(folder)), kind="service")


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
