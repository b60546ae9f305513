"""sqlite-utils, loaded without pandas.

Where pandas is installed, sqlite-utils imports it for the sake of one entry in a table of types that nothing here uses:
more than a second of every command and of every process that folds.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _absent(module: str) -> Iterator[None]:
    """As if this module were not installed; once it is loaded, or while other threads may load it, nothing changes."""
    if module in sys.modules or threading.current_thread() is not threading.main_thread():
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]  # documented: importing it then fails
    try:
        yield
    finally:
        del sys.modules[module]


with _absent("pandas"):
    from sqlite_utils import Database, Migrations

__all__ = ["Database", "Migrations"]
