"""What every test runs under: no network beyond this machine, no AWS account, no browser taken for granted."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests.standin.fixtures import proxy, proxy_server, standin, standin_server

__all__ = ["proxy", "proxy_server", "standin", "standin_server"]

settings.register_profile("quick", deadline=None, derandomize=True)
settings.register_profile("soak", deadline=None, max_examples=2_000)
settings.load_profile("quick")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_BROWSER = "no Chromium on this machine; install it, or name one in CHROMIUM"


def chromium_path() -> str | None:
    """The browser of $CHROMIUM, else the first on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a browser, for tests marked `browser`."""
    path = chromium_path()
    if path is None:
        pytest.skip(NO_BROWSER)
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium_path():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line(f"browser tests skipped: {len(skipped)}: {NO_BROWSER}")
    for figure in figures(terminalreporter):
        terminalreporter.write_line(figure)


def figures(terminalreporter: Any) -> list[str]:
    """What soaking tests found out, in numbers: the property `figure` of each."""
    reports = [report for outcome in ("passed", "failed") for report in terminalreporter.stats.get(outcome, [])]
    return [str(value) for report in reports for name, value in report.user_properties if name == "figure"]


@pytest.fixture(scope="session", autouse=True)
def no_account() -> Iterator[None]:
    """The developer's own AWS settings and store are out of reach."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "STEPSCOPE_"))]:
            patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_ACCESS_KEY_ID", "testing")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        yield


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """A connection to anything but this machine fails the test that tries it."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        outside = self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}
        if outside:
            pytest.fail(f"a test reached for the network: {address}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield
