"""The command line run within a test's own process, and processes of its own where that is the point."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from cli import stepscope
from commands.session import Session
from tests.source import ROOT

NOW = 1_791_000_000_000
"""2026-10-03T04:00:00Z"""


def ran(*words: object, now: int = NOW, width: int = 100, given: str | None = None) -> Result:
    """What `stepscope` and these words print and end with, at a fixed time and width."""
    return CliRunner(env={"COLUMNS": str(width), "STEPSCOPE_STORE": None, "STEPSCOPE_CONFIG": None}).invoke(
        stepscope, [str(word) for word in words], input=given, obj=Session(lambda: now), prog_name="stepscope"
    )


def refusal(result: Result, code: int) -> str:
    """What stderr says of a call that ended with this code and printed no traceback."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == code, result.stderr
    assert result.stderr.startswith("Error: ") or "\nError: " in result.stderr
    return result.stderr


def done(result: Result) -> str:
    """What a call printed that did all it was asked to."""
    assert result.exit_code == 0, result.stderr
    return result.stdout


def process(*words: object, cwd: Path = ROOT, **more: Any) -> subprocess.CompletedProcess[str]:
    """`stepscope` and these words in a process of its own."""
    command = [sys.executable, "-c", "from cli import main; main()", *map(str, words)]
    return subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True, timeout=60, **more)
