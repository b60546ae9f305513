"""The dashboard as a browser shows it: nothing in the console, nothing from outside, names that stay text."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, expect, sync_playwright

from analyzer.registry import analysis_named
from dashboard import context
from dashboard.filters import Filters, utc_date
from dashboard.tables import csv_bytes
from store.folder import readable_store
from store.freshness import freshness
from tests.dashboard.stores import (
    HOSTILE,
    HOSTILE_CAUSE,
    HOSTILE_STATE,
    LAST_DAY,
    NOW,
    OCTOBER,
    ORDERS,
    arn_of,
    filled_store,
)
from tests.source import ROOT

pytestmark = pytest.mark.browser

TITLES = {
    "Overview": "What needs attention?",
    "Issues": "What is behind the failures?",
    "Advice": "What could be better?",
    "Failures": "Which states fail?",
    "Retries": "What is retried, and does it help?",
    "Latency": "Where does the time go?",
    "Time": "What decides how long executions take?",
    "Paths": "Which ways do executions take?",
    "Changes": "What changed, and did it make things worse?",
    "Compare": "What do failed executions do otherwise?",
    "Runway": "How far is it to the limits, and what is lost when?",
    "Cost": "What does it cost?",
    "Standard vs Express": "Standard or Express?",
    "Savings": "What could be saved?",
    "What if": "What if?",
    "Graph": "Which ways through its states does a machine take?",
    "Grid": "What became of each state in the newest executions?",
    "Executions": "Which executions ran?",
    "Collection": "How complete is this?",
    "Glossary": "Glossary",
}
IN_OCTOBER = f"window=30d&until={LAST_DAY}"
PATIENCE_MS = 30_000
DRAWN_WITHOUT_WORKER = (
    'No script tag of type "javascript/worker" was found and "useWorker" is true. Not using web worker.'
)
"""What d3-graphviz, inside Streamlit, says wherever it draws a graph, and draws it: nobody can tell it otherwise."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled_store(tmp_path_factory.mktemp("browser") / "store")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where the dashboard of the filled store is served, by the command that users start it with."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command: list[str | Path] = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += ["--server.port", str(port), "--", "--store", folder]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(f"http://localhost:{port}/_stcore/health")
            yield f"http://localhost:{port}"
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5)
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    pytest.fail("the dashboard did not start")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page of the browser, what its console said, and what it asked of others."""

    page: Page
    address: str
    console: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Goes to an address and waits until the page is drawn."""
        self.page.goto(f"{self.address}/{path}")
        self.drawn()
        return self.page

    def drawn(self) -> None:
        """Waits until nothing is being drawn any more."""
        expect(self.page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE_MS)
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=PATIENCE_MS)
        self.page.wait_for_load_state("networkidle")

    def refuse(self, dialog: Dialog) -> None:
        """Keeps what a dialog says: only a script could have opened one."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def note(self, message: ConsoleMessage) -> None:
        """Keeps what the console says in earnest."""
        if message.type in ("error", "warning") and message.text != DRAWN_WITHOUT_WORKER:
            self.console.append(f"{message.text} {message.location}")


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE_MS)
    watched = Watched(page, address)
    page.on("console", watched.note)
    page.on("pageerror", lambda error: watched.console.append(str(error)))
    page.on("request", lambda request: _note_outside(watched, request.url))
    page.on("dialog", watched.refuse)
    yield watched
    page.close()
    assert watched.console == []
    assert watched.outside == []
    assert watched.dialogs == []


def _note_outside(watched: Watched, url: str) -> None:
    if not url.startswith((watched.address, watched.address.replace("http", "ws"), "data:", "blob:")):
        watched.outside.append(url)


def parameters(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_every_page_opens_from_the_list_and_keeps_the_filters(watched: Watched) -> None:
    page = watched.open(f"?{IN_OCTOBER}&machine={ORDERS}")
    for name, title in TITLES.items():
        page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        watched.drawn()
        assert page.get_by_test_id("stException").count() == 0
        assert parameters(page) == {"window": ["30d"], "until": [LAST_DAY], "machine": [ORDERS]}


def test_a_page_opened_by_its_address_asks_for_nothing_in_vain(watched: Watched) -> None:
    page = watched.open(f"failures?{IN_OCTOBER}&status=FAILED")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES["Failures"])
    page.reload()
    watched.drawn()
    assert parameters(page)["status"] == ["FAILED"]


def test_a_filter_that_is_chosen_is_in_the_address(watched: Watched) -> None:
    page = watched.open(f"?until={LAST_DAY}")
    page.get_by_role("radio", name="30d").click()
    page.wait_for_url("**window=30d**")
    watched.drawn()
    expect(page.get_by_test_id("stMain")).to_contain_text("in the 30 days to")


def test_an_execution_has_an_address_of_its_own(watched: Watched) -> None:
    page = watched.open(f"executions?execution={quote(arn_of(ORDERS, 0), safe='')}")
    expect(page.get_by_role("heading", level=1)).to_have_text("What happened in orders-0?")
    expect(page.get_by_test_id("stPlotlyChart")).to_contain_text("Wrap")
    page.get_by_test_id("stMain").get_by_role("button", name="All executions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES["Executions"])
    watched.drawn()
    assert "execution" not in parameters(page)


def test_names_of_strangers_are_text(watched: Watched) -> None:
    arn = quote(arn_of(HOSTILE, 1), safe="")
    page = watched.open(f"executions?execution={arn}")
    main = page.get_by_test_id("stMain")
    expect(main).to_contain_text(HOSTILE)
    expect(main).to_contain_text(HOSTILE_STATE.replace(":material/", ":\N{WORD JOINER}material/"))
    expect(main.get_by_test_id("stCode").last).to_contain_text(HOSTILE_CAUSE.splitlines()[0])
    watched.open(f"?{IN_OCTOBER}")
    watched.open(f"failures?{IN_OCTOBER}")
    expect(page.get_by_test_id("stPlotlyChart")).to_contain_text('<img src=x onerror="')
    assert page.locator("main script, main img, [data-testid=stMain] img[src=x]").count() == 0


def test_a_download_is_the_csv_of_the_report(watched: Watched, folder: Path) -> None:
    page = watched.open(f"failures?{IN_OCTOBER}")
    with page.expect_download() as downloading:
        page.locator(".st-key-csv-failure_hotspots").get_by_role("button", name="Download CSV").click()
    with readable_store(folder) as store:
        known = context.Known(folder, freshness(store.db), ())
    window = Filters("30d", utc_date(OCTOBER + 9 * 86_400_000)).window(NOW)
    answer = context.answer(known, "failure_hotspots", window)
    assert downloading.value.suggested_filename == "failure_hotspots.csv"
    assert downloading.value.path().read_bytes() == csv_bytes(answer, analysis_named("failure_hotspots").columns)


@pytest.mark.parametrize(("scheme", "background"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(17, 23, 29)")])
def test_the_page_follows_the_theme_of_the_browser(watched: Watched, scheme: str, background: str) -> None:
    watched.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page = watched.open("glossary")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", background)


def test_a_term_is_one_click_away(watched: Watched) -> None:
    page = watched.open("glossary#root-state")
    expect(page.get_by_role("heading", name="root state")).to_be_in_viewport()
