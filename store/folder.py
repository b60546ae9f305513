"""The store's folder: `store.db` (the record) beside `facts/` (derived, may be deleted).

Opens it for one writer or for any number of readers, applies migrations, checks and backs up.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from store.errors import (
    StoreBusyError,
    StoreDamagedError,
    StoreMissingError,
    StoreTooNewError,
    StoreUnwritableError,
)
from store.migrations import migrations
from store.sqlite import Database

BUSY_SECONDS = 30.0
"""How long a statement waits for another connection's transaction before it gives up."""


@dataclass(frozen=True)
class Store:
    """An open store: its folder and its database."""

    folder: Path
    db: Database

    @property
    def facts(self) -> Path:
        """Where the Parquet files are."""
        return self.folder / "facts"

    def close(self) -> None:
        """Close the database; the folder stays."""
        self.db.close()


@contextmanager
def writable_store(folder: Path) -> Iterator[Store]:
    """The store at `folder`, made when missing and brought to this version's schema, with this process its only writer.

    Raises `StoreBusyError` when another process writes to it, `StoreUnwritableError` when it cannot be written,
    `StoreTooNewError` when a newer Stepscope wrote it, `StoreDamagedError` when `store.db` is no database.
    """
    with unwritable_as_error(folder):
        folder.mkdir(parents=True, exist_ok=True)
    path = folder / "store.db"
    with _writer_lock(folder), _damage_as_error(path), closing(_opened(folder)) as store:
        _refuse_newer(store.db, path)
        _migrate(store)
        yield store


@contextmanager
def readable_store(folder: Path) -> Iterator[Store]:
    """The store at `folder`, for reading only. Raises as `writable_store` does, or `StoreMissingError`."""
    path = folder / "store.db"
    if not path.is_file():
        raise _missing(folder)
    with _damage_as_error(path), closing(Store(folder, _connected(path, read_only=True))) as store:
        _refuse_newer(store.db, path)
        if not migrations.applied(store.db):  # its first writer has not come further than to make the file
            raise _missing(folder)
        yield store


@contextmanager
def store_beside_writer(folder: Path) -> Iterator[Database]:
    """The database for one short statement beside whoever is the writer. Raises `StoreUnwritableError`."""
    with unwritable_as_error(folder), closing(_connected(folder / "store.db", read_only=False)) as db:
        yield db


def _missing(folder: Path) -> StoreMissingError:
    return StoreMissingError(
        f"there is no store at {folder}",
        "Run `stepscope demo` to see one, `stepscope collect` to fill one from your account.",
    )


@contextmanager
def _damage_as_error(path: Path) -> Iterator[None]:
    """Turn what SQLite says, whenever it meets it, about a file that is not as written into a `StoreDamagedError`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # its subclasses have other causes
            raise
        raise StoreDamagedError(f"{path} is damaged: {error}", "Restore a backup, or move the file away.") from error


def _opened(folder: Path) -> Store:
    path = folder / "store.db"
    with unwritable_as_error(folder):
        path.touch(mode=0o600, exist_ok=True)
        return Store(folder, _connected(path, read_only=False))


def _migrate(store: Store) -> None:
    with unwritable_as_error(store.folder):
        store.db.execute("PRAGMA journal_mode = WAL")
        store.db.execute("PRAGMA synchronous = NORMAL")
        migrations.apply(store.db)
        store.facts.mkdir(exist_ok=True)


def _connected(path: Path, *, read_only: bool) -> Database:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        if not read_only:
            raise
        # A WAL database in a folder that cannot be written has nowhere for its -shm file: read it as it lies.
        connection = sqlite3.connect(f"{uri}&immutable=1", uri=True, check_same_thread=False, isolation_level=None)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return Database(connection)


def _refuse_newer(db: Database, path: Path) -> None:
    known = {migration.name for migration in migrations.pending(db)} | {m.name for m in migrations.applied(db)}
    ours = {migration.name for migration in migrations._migrations}  # noqa: SLF001 -- it has no public list
    if known - ours:
        raise StoreTooNewError(
            f"{path} was written by a newer Stepscope (it knows {min(known - ours)})",
            "Update Stepscope, or use another --store.",
        )


@contextmanager
def _writer_lock(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / "writer.lock", mode=0o600)
    with unwritable_as_error(folder):
        _acquire(lock, folder)
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: FileLock, folder: Path) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StoreBusyError(
            f"another process is writing to {folder}", "Wait for it to end; a collector may be running."
        ) from error


@contextmanager
def unwritable_as_error(folder: Path) -> Iterator[None]:
    """Turn what the system says about a folder that refuses writes into a `StoreUnwritableError`."""
    try:
        yield
    except (PermissionError, FileExistsError, NotADirectoryError) as error:
        raise StoreUnwritableError(
            f"{folder} cannot be written: {error}", "Choose another folder with --store."
        ) from error
    except OSError as error:
        raise StoreUnwritableError(
            f"{folder} cannot be written: {error}", "Free some space, then run it again."
        ) from error
    except sqlite3.OperationalError as error:
        raise StoreUnwritableError(
            f"{folder / 'store.db'} cannot be written: {error}", "Check the folder's permissions and free space."
        ) from error


def problems(store: Store) -> list[str]:
    """What SQLite's own integrity and foreign key checks find: one sentence each, none when all is well."""
    found = [str(row[0]) for row in store.db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    for table, rowid, parent, _ in store.db.execute("PRAGMA foreign_key_check"):
        found.append(f"row {rowid} of {table} points at a row of {parent} that is not there")
    return found


def back_up(store: Store, target: Path) -> None:
    """Copy store.db to `target` while others go on reading and writing; facts can be rebuilt from it."""
    with unwritable_as_error(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(target, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        os.close(descriptor)
        with closing(sqlite3.connect(target)) as copy:
            store.db.conn.backup(copy)
