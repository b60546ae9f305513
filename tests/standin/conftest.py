"""Keeps moto out of the tests' own process: it belongs to the server's, and takes seconds to import."""

from __future__ import annotations

from pathlib import Path

HERE = Path(__file__).parent
WANTED = {"handle.py", "fixtures.py", "faults.py", "conftest.py"}
collect_ignore = [path.name for path in HERE.glob("*.py") if path.name not in WANTED and not path.match("test_*")]
