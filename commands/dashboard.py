"""`stepscope dashboard`: the pages, in a browser on this machine."""

from __future__ import annotations

import errno
import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import rich_click as click

from commands.session import Session, examples, pass_session, store_option
from store.errors import MisuseError, StepscopeError

DEFAULT_HOST, FIRST_PORT, PORTS_TRIED = "localhost", 8501, 50


@click.command()
@click.option(
    "--port", type=click.IntRange(1, 65_535), help=f"Port.  [default: {FIRST_PORT}, or the next that is free]"
)
@click.option(
    "--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on; 0.0.0.0 lets other machines look."
)
@store_option()
@pass_session
@examples("stepscope dashboard", "stepscope dashboard --store /var/lib/stepscope --port 8600")
def dashboard(session: Session, port: int | None, host: str) -> None:
    """Pages over the store, in a browser. Nothing leaves this machine, and only this machine may look.

    Ctrl-C ends it.
    """
    from commands.folding import fold_leftovers

    fold_leftovers(session)
    serve(session, port, host)


def serve(session: Session, port: int | None, host: str = DEFAULT_HOST) -> None:
    """Become the dashboard's server: this process ends with it."""
    chosen = _free_port(host, port)
    session.say(f"Dashboard: http://{_named(host)}:{chosen}  (Ctrl-C ends it)")
    sys.stdout.flush()
    command = server_command(session.folder.absolute(), chosen, host)
    # Its settings lie beside app.py, and Streamlit looks for them in the folder that it is started from.
    os.chdir(_entry().parent)
    os.execv(command[0], command)  # noqa: S606 -- no shell is wanted


def server_command(folder: Path, port: int, host: str) -> list[str]:
    """How the server is started; what must never depend on a settings file is said here."""
    settings = {
        "server.port": port,
        "server.address": host,
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "logger.hideWelcomeMessage": "true",
    }
    given = [f"--{name}={value}" for name, value in settings.items()]
    return [sys.executable, "-m", "streamlit", "run", str(_entry()), *given, "--", "--store", str(folder)]


def _entry() -> Path:
    """Where app.py is, wherever Stepscope was installed."""
    found = find_spec("app")
    if found is None or found.origin is None:
        raise StepscopeError("app.py is not installed", "Set Stepscope up again: `make setup`.")
    return Path(found.origin)


def _free_port(host: str, wanted: int | None) -> int:
    """The port that is asked for, else the first free one. Raises StepscopeError when there is none."""
    candidates = [wanted] if wanted is not None else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in candidates:
        if _is_free(host, port):
            return port
    named = f"port {wanted} is" if wanted is not None else f"all ports from {FIRST_PORT} on are"
    raise StepscopeError(f"{named} in use on {host}", "Give another --port.")


def _is_free(host: str, port: int) -> bool:
    """Whether nobody listens there, on any of the host's addresses; localhost may be two."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise MisuseError(f"{host!r} is no address of this machine", "Give --host localhost or 0.0.0.0.") from error
    faults = [_fault_at(family, address) for family, _, _, _, address in found]
    if all(fault == errno.EADDRNOTAVAIL for fault in faults):
        raise MisuseError(f"{host} is no address of this machine", "Give --host localhost or 0.0.0.0.")
    if errno.EACCES in faults:
        raise StepscopeError(f"port {port} is for the system's own programs", "Give a --port from 1024 on.")
    return errno.EADDRINUSE not in faults


def _fault_at(family: int, address: Any) -> int:
    """What keeps a server from listening at an address; 0 for nothing."""
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return error.errno or 0
    return 0


def _named(host: str) -> str:
    return "localhost" if host in ("0.0.0.0", "::") else host  # noqa: S104 -- compared, not bound
