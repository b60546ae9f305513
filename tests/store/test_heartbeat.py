from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.errors import StoreUnwritableError
from store.folder import Store, writable_store
from store.heartbeat import (
    COLLECTING,
    ENDED,
    LEASE_MS,
    RENEWAL_S,
    WAITING,
    Heartbeat,
    Owner,
    heartbeat,
    holder,
    release,
    renewed,
    take,
    wait_noted,
)
from store.sqlite import Database

NOW = 1_791_000_000_000
ONE, TWO = Owner(11, "here", NOW), Owner(22, "there", NOW + 1)


def beat(owner: Owner, at: int = NOW, state: str = COLLECTING) -> Heartbeat:
    return Heartbeat(*owner, at, state, 300_000)


def lives(_: Owner) -> bool:
    return True


def is_dead(_: Owner) -> bool:
    return False


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with writable_store(tmp_path) as store:
        yield store


def test_a_store_that_nobody_collected_into_has_no_heartbeat(store: Store) -> None:
    assert heartbeat(store.db) is None


def test_a_store_from_before_has_none_either() -> None:
    assert heartbeat(Database(memory=True)) is None


def test_the_second_is_told_who_was_first(store: Store) -> None:
    assert take(store.db, beat(ONE), lives) is None
    assert take(store.db, beat(TWO), lives) == beat(ONE) == heartbeat(store.db)


def test_the_owner_may_take_it_again(store: Store) -> None:
    take(store.db, beat(ONE), lives)
    assert take(store.db, beat(ONE, NOW + 5), lives) is None
    assert heartbeat(store.db) == beat(ONE, NOW + 5)


def test_a_dead_process_hinders_nobody(store: Store) -> None:
    take(store.db, beat(ONE), lives)
    assert take(store.db, beat(TWO), is_dead) is None
    assert heartbeat(store.db) == beat(TWO)


def test_a_lease_runs_out(store: Store) -> None:
    take(store.db, beat(ONE), lives)
    assert holder(store.db, TWO, NOW + LEASE_MS, lives) == beat(ONE)
    assert holder(store.db, TWO, NOW + LEASE_MS + 1, lives) is None


def test_a_lease_of_the_future_is_none(store: Store) -> None:
    take(store.db, beat(ONE, NOW + LEASE_MS + 1), lives)
    assert holder(store.db, TWO, NOW, lives) is None


def test_who_renews_keeps_it(store: Store) -> None:
    take(store.db, beat(ONE), lives)
    assert renewed(store.folder, ONE, NOW + LEASE_MS)
    assert holder(store.db, TWO, NOW + 2 * LEASE_MS, lives) == beat(ONE, NOW + LEASE_MS)


def test_it_is_renewed_several_times_before_it_runs_out() -> None:
    assert RENEWAL_S * 1_000 * 3 < LEASE_MS


def test_who_lost_it_learns_so(store: Store) -> None:
    take(store.db, beat(ONE), lives)
    take(store.db, beat(TWO), is_dead)
    assert not renewed(store.folder, ONE, NOW + 1)
    release(store.folder, ONE, NOW + 1)
    assert heartbeat(store.db) == beat(TWO)


def test_who_waits_still_has_it_and_says_when_it_goes_on(store: Store) -> None:
    take(store.db, beat(ONE), lives)
    wait_noted(store.folder, ONE, NOW + 10, NOW + 300_000)
    found = holder(store.db, TWO, NOW + 11, lives)
    assert found == Heartbeat(*ONE, NOW + 10, WAITING, 300_000, NOW + 300_000)


def test_who_ended_leaves_it(store: Store) -> None:
    take(store.db, beat(ONE), lives)
    release(store.folder, ONE, NOW + 10)
    assert holder(store.db, TWO, NOW + 11, lives) is None
    assert heartbeat(store.db) == beat(ONE, NOW + 10, ENDED)
    assert not renewed(store.folder, ONE, NOW + 20)


def test_a_folder_that_refuses_writes_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StoreUnwritableError):
        renewed(tmp_path / "none", ONE, NOW)
