from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from commands.demo import DEFAULT_FOLDER
from store.folder import readable_store
from store.freshness import freshness
from store.passes import passes
from tests.commands.dumps import written
from tests.commands.running import done, ran, refusal

DAY = 86_400_000
SECOND_OF_OCTOBER = 1_790_899_200_000


def test_the_last_run_is_on_the_day_before_and_the_words_say_so(sample: Path) -> None:
    with readable_store(sample) as store:
        fresh = freshness(store.db)
        assert (fresh.last_day_ms, fresh.is_sample, fresh.stale_days) == (SECOND_OF_OCTOBER, True, 0)
        assert [one.outcome for one in passes(store.db)] == ["complete"]


def test_both_types_of_machine_are_in_it(sample: Path) -> None:
    with readable_store(sample) as store:
        counts = store.db.execute(
            "SELECT m.type, count(*) FROM executions e JOIN machines m ON m.id = e.machine_id GROUP BY m.type"
        ).fetchall()
    assert dict(counts).keys() == {"EXPRESS", "STANDARD"}
    assert sum(dict(counts).values()) > 3_000


def test_it_says_what_it_is_and_how_to_look_at_it(sample: Path) -> None:
    told = done(ran("demo", "--no-dashboard", "--now", "2026-10-03", "--store", sample))
    assert told.startswith("Sample data: ")
    assert "to 2026-10-02, moved by " in told
    assert f"stepscope dashboard --store {sample}" in told


def record(store: Path) -> bytes:
    with closing(sqlite3.connect(store / "store.db")) as connection:
        return "\n".join(connection.iterdump()).encode()


def test_on_the_same_day_nothing_is_done_again(sample: Path) -> None:
    before = record(sample)
    done(ran("demo", "--no-dashboard", "--now", "2026-10-03", "--store", sample))
    assert record(sample) == before


def test_data_of_ones_own_is_never_mixed_with_it(tmp_path: Path) -> None:
    done(ran("import", written(tmp_path), "--store", tmp_path / "store"))
    said = refusal(ran("demo", "--no-dashboard", "--store", tmp_path / "store"), 2)
    assert "holds data of your own" in said


def test_a_day_that_is_none_is_misuse(tmp_path: Path) -> None:
    refusal(ran("demo", "--now", "tomorrow", "--store", tmp_path / "store"), 2)
    assert not (tmp_path / "store").exists()


class Filled:
    """What `fill` and `serve` were asked for, in place of doing it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[Any] = []
        monkeypatch.setattr(
            "commands.demo.fill", lambda session, today: self.asked.append((session.folder, str(today)))
        )
        monkeypatch.setattr("commands.dashboard.serve", lambda session, port: self.asked.append((session.folder, port)))


def test_it_has_a_store_of_its_own_and_ends_in_the_dashboard(monkeypatch: pytest.MonkeyPatch) -> None:
    filled = Filled(monkeypatch)
    done(ran("demo", "--port", 8_600, now=SECOND_OF_OCTOBER))
    assert filled.asked == [(DEFAULT_FOLDER, "2026-10-02"), (DEFAULT_FOLDER, 8_600)]


def test_another_store_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    filled = Filled(monkeypatch)
    done(ran("--store", tmp_path, "demo", "--no-dashboard", "--now", "2026-01-05"))
    assert filled.asked == [(tmp_path, "2026-01-05")]
