from __future__ import annotations

import io
import threading

from rich.console import Console

from commands.progress import ImportProgress, PassProgress


class Screen:
    """A terminal of a fixed width, or a file."""

    def __init__(self, *, is_terminal: bool) -> None:
        self._file = io.StringIO()
        self.console = Console(file=self._file, width=100, force_terminal=is_terminal, color_system=None)

    @property
    def shown(self) -> str:
        return self._file.getvalue()


def collect(screen: Screen) -> None:
    with PassProgress(screen.console) as progress:
        progress.connected("reader/eu-west-1")
        progress._bars.refresh()
        progress.listed("orders [bold]", 1_000)
        progress._bars.refresh()
        progress.listed("refunds\x1b[2J", 200)
        progress._bars.refresh()
        progress.fetched(0, 1_200, 60.0)
        progress.fetched(360, 1_200, 44.2)
        progress._bars.refresh()


def test_a_terminal_sees_what_is_listed_and_how_long_the_rest_takes() -> None:
    screen = Screen(is_terminal=True)
    collect(screen)
    assert "listing reader/eu-west-1" in screen.shown
    assert "1,200 executions so far" in screen.shown
    assert "360/1200" in screen.shown
    assert "about 44 s left" in screen.shown


def test_what_strangers_named_is_text() -> None:
    screen = Screen(is_terminal=True)
    collect(screen)
    assert "orders [bold]: " in screen.shown
    assert "refunds\ufffd[2J: " in screen.shown


def test_a_file_sees_nothing() -> None:
    screen = Screen(is_terminal=False)
    collect(screen)
    with ImportProgress(screen.console) as progress:
        progress.read("a.json", 1, 2)
    assert screen.shown == ""


def test_an_import_shows_what_came_and_from_where() -> None:
    screen = Screen(is_terminal=True)
    with ImportProgress(screen.console) as progress:
        progress.read("a\x07.json", 1, 20_000)
    assert "1 execution with 20,000 events, from a\ufffd.json" in screen.shown


def test_an_import_draws_without_a_thread() -> None:
    screen = Screen(is_terminal=True)
    before = threading.active_count()
    with ImportProgress(screen.console) as progress:
        progress.read("a.json", 1, 2)
        assert threading.active_count() == before
