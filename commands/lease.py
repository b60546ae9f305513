"""The collector's hold on a store: taken at the start of a pass, renewed while it lives, given back at its end."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from commands.wording import duration, iso_time
from store.errors import StoreUnwritableError
from store.folder import Store
from store.heartbeat import COLLECTING, RENEWAL_S, WAITING, Heartbeat, Owner, release, renewed, take, wait_noted


def this_process(now_ms: int) -> Owner:
    """This process as an owner."""
    return Owner(os.getpid(), socket.gethostname(), now_ms)


def lives(owner: Owner) -> bool:
    """Whether a process is there. One of another machine is believed to be; an earlier one of our number is not."""
    if owner.host != socket.gethostname():
        return True
    if owner.pid == os.getpid():
        return False
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is there, and somebody else's
        return True
    return True


def held_by(found: Heartbeat, now_ms: int) -> str:
    """Who has the store, since when, and what it does: `process 7 on db-1 collects into it since …`."""
    doing = "waits for its next pass" if found.state == WAITING else "is in a pass"
    when = f" at {iso_time(found.next_at)}" if found.state == WAITING and found.next_at else ""
    ago = duration(max(0, now_ms - found.renewed_at))
    since = iso_time(found.since_at)
    return f"process {found.pid} on {found.host} collects since {since}, {doing}{when}, and said so {ago} ago"


@dataclass
class Lease:
    """This process's hold on the store in a folder. As a context it is given back at the end.

    `problem` says why it could not be renewed, empty while it could.
    """

    folder: Path
    owner: Owner
    clock: Callable[[], int]
    every_ms: int | None = None
    pause_s: float = RENEWAL_S
    problem: str = ""
    _taken: bool = False
    _ended: threading.Event = field(default_factory=threading.Event)
    _renewing: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._renewing is not None:
            self._renewing.join()
        if self._taken:
            self._said(lambda: release(self.folder, self.owner, self.clock()))

    def take(self, store: Store) -> Heartbeat | None:
        """Take hold for a pass; the collector that has the store instead, if one does."""
        mine = Heartbeat(*self.owner, self.clock(), COLLECTING, self.every_ms)
        other = take(store.db, mine, lives)
        self._taken = other is None
        if self._taken and self._renewing is None:
            self._renewing = threading.Thread(target=self._renew, name="lease", daemon=True)
            self._renewing.start()
        return other

    def wait_until(self, next_at: int) -> None:
        """Say when the next pass begins."""
        self._said(lambda: wait_noted(self.folder, self.owner, self.clock(), next_at))

    def _renew(self) -> None:
        while not self._ended.wait(self.pause_s):
            self._said(lambda: renewed(self.folder, self.owner, self.clock()))

    def _said(self, write: Callable[[], object]) -> None:
        """Write it. A store that refuses a heartbeat refuses the pass too, which says so; until then it is kept."""
        try:
            write()
            self.problem = ""
        except StoreUnwritableError as error:
            self.problem = error.sentence
