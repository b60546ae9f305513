"""Prices that a refresh has read, kept beside the record as a file that a person can read and compare.

The file has the shape of the bundled ones (docs/money.md); what it says is the analyzer's to judge.
"""

from __future__ import annotations

from pathlib import Path

from store.errors import FileUnreadableError
from store.folder import unwritable_as_error

NAME = "prices.json"


def kept_prices(folder: Path) -> bytes | None:
    """What is kept in the folder of a store; None when nothing is. Raises FileUnreadableError."""
    path = folder / NAME
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise FileUnreadableError(f"{path} cannot be read: {error}", "Make it readable, or move it away.") from error


def keep_prices(folder: Path, data: bytes) -> Path:
    """Keep these prices instead of those kept before, whole or not at all; the file. Raises StoreUnwritableError."""
    path, part = folder / NAME, folder / f".{NAME}.part"
    with unwritable_as_error(folder):
        folder.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    return path
