from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from commands.lease import Lease, held_by, lives, this_process
from store.folder import readable_store, writable_store
from store.heartbeat import COLLECTING, ENDED, WAITING, Heartbeat, Owner, heartbeat
from tests.commands.running import NOW

HERE = socket.gethostname()


def ticking() -> Callable[[], int]:
    """A clock that goes on by a second whenever it is read."""
    ticks = iter(range(NOW, NOW + 10_000_000, 1_000))
    return lambda: next(ticks)


def known(folder: Path) -> Heartbeat:
    with readable_store(folder) as store:
        found = heartbeat(store.db)
    assert found is not None
    return found


def test_a_process_of_another_machine_is_believed() -> None:
    assert lives(Owner(1, "not-" + HERE, 0))


def test_a_process_of_this_machine_is_looked_for() -> None:
    assert lives(Owner(os.getppid(), HERE, 0))
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        ended.wait()
    assert not lives(Owner(ended.pid, HERE, 0))


def test_an_earlier_process_of_our_number_is_gone() -> None:
    assert not lives(this_process(NOW)._replace(since_at=NOW - 1))


def test_who_has_it_is_said_in_words() -> None:
    waiting = Heartbeat(7, "db-1", NOW, NOW + 1_000, WAITING, 300_000, NOW + 60_000)
    assert held_by(waiting, NOW + 31_000) == (
        "process 7 on db-1 collects since 2026-10-03T04:00:00.000Z,"
        " waits for its next pass at 2026-10-03T04:01:00.000Z, and said so 30.00 s ago"
    )
    assert "is in a pass, and said so" in held_by(waiting._replace(state=COLLECTING), NOW)


def test_it_is_renewed_while_it_is_held_and_given_back(tmp_path: Path) -> None:
    with Lease(tmp_path, this_process(NOW), ticking(), 60_000, pause_s=0.01) as lease:
        with writable_store(tmp_path) as store:
            assert lease.take(store) is None
            began = known(tmp_path)
            renewed = any(known(tmp_path).renewed_at > began.renewed_at for _ in patience())
        assert (renewed, began.state) == (True, COLLECTING)
        lease.wait_until(NOW + 60_000)
        assert (known(tmp_path).state, known(tmp_path).next_at) == (WAITING, NOW + 60_000)
    assert known(tmp_path).state == ENDED


def patience() -> Iterator[None]:
    """Looks, a hundredth of a second apart."""
    for _ in range(200):
        time.sleep(0.01)
        yield


def test_a_heartbeat_that_cannot_be_written_is_told_and_hinders_nothing(tmp_path: Path) -> None:
    with Lease(tmp_path / "none", this_process(NOW), lambda: NOW) as lease:
        lease.wait_until(NOW)
        assert "cannot be written" in lease.problem


def test_a_lease_that_was_never_taken_is_not_given_back(tmp_path: Path) -> None:
    with writable_store(tmp_path), Lease(tmp_path, this_process(NOW), lambda: NOW):
        pass
    with readable_store(tmp_path) as store:
        assert heartbeat(store.db) is None
