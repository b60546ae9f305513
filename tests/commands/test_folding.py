from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path

import pytest

from analyzer.facts import is_stale
from analyzer.prices import bundled_prices
from commands import folding
from commands.folding import fold_leftovers, rebuilt
from commands.session import Session
from commands.workers import workers
from store.errors import StoreMissingError
from store.executions import ExecutionRow, save_executions
from store.folder import readable_store, writable_store
from store.machines import MachineRow, machine_saved
from tests.commands.running import NOW

DAY = 86_400_000


def filled(folder: Path, executions: int = 6) -> Path:
    with writable_store(folder) as store:
        machine = machine_saved(store.db, MachineRow("arn:m", "m", "STANDARD"), NOW)
        rows = (ExecutionRow(machine, f"{n}", f"{n}", "RUNNING", NOW + n % 2 * DAY, None) for n in range(executions))
        save_executions(store.db, rows)
    return folder


def session(folder: Path) -> Session:
    return Session(lambda: NOW, folder)


def stale(folder: Path) -> bool:
    with readable_store(folder) as store:
        return is_stale(store, bundled_prices())


def test_what_a_crash_left_is_folded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fold_leftovers(session(filled(tmp_path)))
    assert not stale(tmp_path)
    monkeypatch.setattr(folding, "writable_store", None)  # nothing to fold: not even opened for writing
    fold_leftovers(session(tmp_path))


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError):
        fold_leftovers(session(tmp_path / "none"))
    assert list(tmp_path.iterdir()) == []


def test_while_another_process_writes_it_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with writable_store(filled(tmp_path)):
        fold_leftovers(session(tmp_path))
    assert stale(tmp_path)
    assert "Read only: another process is writing" in capsys.readouterr().err


@pytest.mark.parametrize("worth", ["WORTH_A_FORK", "WORTH_A_START"])
def test_much_work_is_shared_and_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worth: str) -> None:
    alone = rebuilt(session(filled(tmp_path)))
    made: list[bool] = []

    @contextmanager
    def counted(*, wanted: bool, is_first: bool = False) -> Iterator[Executor | None]:
        made.append(wanted)
        with workers(wanted=wanted, is_first=is_first) as pool:
            yield pool

    monkeypatch.setattr(folding, "workers", counted)
    monkeypatch.setattr(folding, worth, 3)
    assert rebuilt(session(tmp_path)) == alone
    assert True in made
    assert (alone.days, alone.executions) == (2, 6)
