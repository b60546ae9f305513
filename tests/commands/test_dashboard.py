from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from commands.dashboard import server_command
from tests.commands.dumps import written
from tests.commands.running import done, ran, refusal
from tests.source import ROOT


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answered(url: str, server: subprocess.Popen[str]) -> str:
    """What a server answers, once it does."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url) as answer:
                return str(answer.read().decode())
        except OSError:
            assert server.poll() is None, server.communicate()
            time.sleep(0.1)
    raise TimeoutError(url)


def test_it_serves_on_this_machine_and_says_where(imported: Path) -> None:
    port = free_port()
    words = ["dashboard", "--store", str(imported), "--port", str(port)]
    command = [sys.executable, "-c", "from cli import main; main()", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert answered(f"http://localhost:{port}/_stcore/health", server) == "ok"
        finally:
            server.terminate()
        told, _ = server.communicate(timeout=20)
    assert told.splitlines()[0] == f"Dashboard: http://localhost:{port}  (Ctrl-C ends it)"


@pytest.fixture
def commands_run(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The programs that would have been run in place of this one."""
    run: list[list[str]] = []
    monkeypatch.setattr(os, "chdir", lambda _: None)
    monkeypatch.setattr(os, "execv", lambda _, command: run.append(command))
    return run


def test_the_next_port_is_taken_when_the_first_is_in_use(
    imported: Path, commands_run: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("commands.dashboard.FIRST_PORT", port)
        told = done(ran("dashboard", "--store", imported))
        assert int(told.split(":")[3].split()[0]) > port
        said = refusal(ran("dashboard", "--store", imported, "--port", port), 1)
    assert f"port {port} is in use" in said
    assert len(commands_run) == 1


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.7"])
def test_an_address_that_is_not_this_machines_is_misuse(
    imported: Path, commands_run: list[list[str]], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if host.endswith("invalid"):
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: (_ for _ in ()).throw(socket.gaierror()))
    assert "no address of this machine" in refusal(ran("dashboard", "--store", imported, "--host", host), 2)
    assert commands_run == []


def test_the_server_tells_nobody_and_opens_nothing(tmp_path: Path) -> None:
    command = server_command(tmp_path, 8_600, "localhost")
    assert {"--browser.gatherUsageStats=false", "--server.headless=true", "--server.address=localhost"} <= set(command)
    assert command[-3:] == ["--", "--store", str(tmp_path)]


def test_it_folds_what_is_not_folded_first(tmp_path: Path, commands_run: list[list[str]]) -> None:
    done(ran("import", written(tmp_path), "--store", tmp_path / "store"))
    facts = list((tmp_path / "store" / "facts").rglob("*.parquet"))
    for path in facts:
        path.unlink()
    done(ran("dashboard", "--store", tmp_path / "store"))
    assert all(path.is_file() for path in facts)
    assert len(commands_run) == 1


def test_without_a_store_there_is_a_sentence(tmp_path: Path, commands_run: list[list[str]]) -> None:
    assert "there is no store" in refusal(ran("dashboard", "--store", tmp_path / "none"), 1)
    assert commands_run == []
