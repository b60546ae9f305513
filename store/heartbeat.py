"""Which collector has the store: an owner and a lease, renewed while it lives, so that a dead one hinders nobody.

The lock on the folder keeps two processes from writing at once; this says who collects between the passes too, and is
what others read to know whether collection goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from store.folder import store_beside_writer
from store.sqlite import Database

COLLECTING, WAITING, ENDED = "collecting", "waiting", "ended"

LEASE_MS = 120_000
"""A lease that was not renewed for so long is nobody's."""

RENEWAL_S = 20.0
"""How often a collector renews its lease: five times before it would run out."""


class Owner(NamedTuple):
    """A process that collects: its number, the machine it runs on, and when it began, in epoch milliseconds."""

    pid: int
    host: str
    since_at: int


class Heartbeat(NamedTuple):
    """The last that a collector said of itself.

    `state` is collecting, waiting (for its next pass, at `next_at`) or ended. Times are epoch milliseconds; `every_ms`
    is None for a collector of one pass.
    """

    pid: int
    host: str
    since_at: int
    renewed_at: int
    state: str
    every_ms: int | None = None
    next_at: int | None = None

    @property
    def owner(self) -> Owner:
        """Whose heartbeat it is."""
        return Owner(self.pid, self.host, self.since_at)

    def is_fresh(self, now_ms: int) -> bool:
        """Whether the lease still runs. One of the future is none: some clock was set."""
        return self.state != ENDED and abs(now_ms - self.renewed_at) <= LEASE_MS


Lives = Callable[[Owner], bool]
"""Whether a process is there, as far as this machine can know; of another machine's it cannot."""


def heartbeat(db: Database) -> Heartbeat | None:
    """What the last collector said of itself; None when none ever did."""
    if not db.table("heartbeat").exists():
        return None
    row = db.execute(f"SELECT {', '.join(Heartbeat._fields)} FROM heartbeat").fetchone()
    return Heartbeat(*row) if row else None


def holder(db: Database, owner: Owner, now_ms: int, lives: Lives) -> Heartbeat | None:
    """Another collector that has the store; None when it is free, or this owner's."""
    found = heartbeat(db)
    if found is None or found.owner == owner or not found.is_fresh(now_ms) or not lives(found.owner):
        return None
    return found


def take(db: Database, mine: Heartbeat, lives: Lives) -> Heartbeat | None:
    """Take the lease, or renew it with what is new; the collector that has it instead, if one does."""
    with db.atomic():
        other = holder(db, mine.owner, mine.renewed_at, lives)
        if other is None:
            columns = ("id", *Heartbeat._fields)
            db.execute(f"REPLACE INTO heartbeat ({', '.join(columns)}) VALUES (1, {_MARKS})", mine)
    return other


_MARKS = ", ".join("?" * len(Heartbeat._fields))


def renewed(folder: Path, owner: Owner, now_ms: int) -> bool:
    """Whether the lease is still this owner's; if so, it now runs on. Raises `StoreUnwritableError`."""
    with store_beside_writer(folder) as db, db.atomic():
        found = db.execute(
            "UPDATE heartbeat SET renewed_at = ? WHERE (pid, host, since_at) = (?, ?, ?) AND state != ? RETURNING 1",
            [now_ms, *owner, ENDED],
        ).fetchone()
    return found is not None


def release(folder: Path, owner: Owner, now_ms: int) -> None:
    """Say that this owner has ended, so that the next one need not wait. Raises `StoreUnwritableError`."""
    with store_beside_writer(folder) as db, db.atomic():
        db.execute(
            "UPDATE heartbeat SET state = ?, renewed_at = ?, next_at = NULL WHERE (pid, host, since_at) = (?, ?, ?)",
            [ENDED, now_ms, *owner],
        )


def wait_noted(folder: Path, owner: Owner, now_ms: int, next_at: int) -> None:
    """Say that this owner waits for its next pass. Raises `StoreUnwritableError`."""
    with store_beside_writer(folder) as db, db.atomic():
        db.execute(
            "UPDATE heartbeat SET state = ?, renewed_at = ?, next_at = ? WHERE (pid, host, since_at) = (?, ?, ?)",
            [WAITING, now_ms, next_at, *owner],
        )
