"""Every page through app.py: over an empty store, a filled one, and one that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import context
from store.folder import writable_store
from store.passes import begun_pass, finish_pass
from tests.dashboard.stores import HOSTILE, HOSTILE_ERROR, HOSTILE_STATE, LAST_DAY, NOW, ORDERS, arn_of, filled_store
from tests.source import ROOT, project_files

FOLDER = "dashboard/pages/"
PAGES = sorted(
    name.removeprefix(FOLDER).removesuffix(".py")
    for name in project_files()
    if name.startswith(FOLDER) and not name.endswith("__init__.py")
)
ASKING = [page for page in PAGES if page not in ("collection", "glossary")]
WITHOUT_TABLE = ("glossary", "advice")
"""Advice needs a definition, which this store has none of."""
Open = Callable[..., AppTest]


@pytest.fixture(autouse=True)
def tests_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "now_ms", lambda: NOW)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Open:
    """Opens a page over a store, with query parameters, as a new session."""

    def opening(folder: Path, page: str, **parameters: Any) -> AppTest:
        # Streamlit's tester begins on the first page; without a store that one has little to do.
        monkeypatch.setenv("STEPSCOPE_STORE", str(tmp_path / "nowhere"))
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
        monkeypatch.setenv("STEPSCOPE_STORE", str(folder))
        app.query_params.update(parameters)
        return app.switch_page(f"{FOLDER}{page}.py").run()

    return opening


def said(app: AppTest) -> str:
    """All sentences of a page."""
    parts = (app.title, app.markdown, app.caption, app.info, app.warning, app.error)
    return "\n".join(str(part.value) for kind in parts for part in kind)


def tables(app: AppTest) -> list[Any]:
    return [frame.value for frame in app.dataframe]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_over_a_filled_store_shows_an_answer(opened: Open, filled: Path, page: str) -> None:
    app = opened(filled, page, window="30d")
    assert not app.exception
    assert not app.error
    if page not in WITHOUT_TABLE:
        assert all(len(frame) for frame in tables(app))
        assert tables(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_over_an_empty_store_says_what_to_run(opened: Open, empty: Path, page: str) -> None:
    app = opened(empty, page)
    assert not app.exception
    assert not app.error
    if page != "glossary":
        assert "stepscope collect" in said(app)
        assert not tables(app)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_without_a_store_says_so(opened: Open, tmp_path: Path, page: str) -> None:
    app = opened(tmp_path / "none", page)
    assert not app.exception
    assert "stepscope demo" in said(app)


def test_damaged_facts_are_an_error_and_not_an_empty_page(opened: Open, tmp_path: Path) -> None:
    folder = filled_store(tmp_path / "store")
    for path in (folder / "facts" / "executions").glob("*.parquet"):
        path.write_bytes(b"junk")
    app = opened(folder, "failures", window="30d")
    assert not app.exception
    assert "stepscope facts rebuild" in said(app)
    assert not app.info


@pytest.mark.parametrize("page", ASKING)
def test_a_window_without_executions_says_which_days_there_are(opened: Open, filled: Path, page: str) -> None:
    app = opened(filled, page, window="1d", until="2026-01-01")
    assert not app.exception
    assert "from 2026-10-01 to 2026-10-10" in said(app)
    assert not tables(app)


def test_one_click_leads_to_the_newest_executions(opened: Open, filled: Path) -> None:
    app = opened(filled, "overview", window="1d")
    [button] = app.button
    button.click().run()
    assert app.session_state["until"] == date.fromisoformat(LAST_DAY)
    assert tables(app)


def test_a_window_is_compared_only_with_one_that_the_store_reaches(opened: Open, filled: Path) -> None:
    compared = opened(filled, "overview", window="1d", until="2026-10-05")
    assert all(metric.delta for metric in compared.metric[:1])
    alone = opened(filled, "overview", window="30d")
    assert not any(metric.delta for metric in alone.metric)
    assert "Nothing to compare with: the store begins on 2026-10-01" in said(alone)


def test_filters_come_from_the_url(opened: Open, filled: Path) -> None:
    app = opened(filled, "overview", window="7d", until=LAST_DAY, machine=ORDERS, status=["FAILED", "RUNNING"])
    assert app.multiselect[0].value == [ORDERS]
    assert app.multiselect[1].value == ["FAILED", "RUNNING"]
    assert list(tables(app)[0]["machine"]) == [ORDERS]
    assert "1 machine" in said(app)


def test_a_filter_that_cannot_be_meant_is_said_and_the_default_is_shown(opened: Open, filled: Path) -> None:
    app = opened(filled, "overview", window="9d", machine="<b>nobody</b>")
    [warning] = app.warning
    assert "window" in warning.value
    assert "<b>" not in warning.value
    assert not app.multiselect[0].value


def test_filters_stay_from_page_to_page(opened: Open, filled: Path) -> None:
    app = opened(filled, "overview", window="30d", machine=ORDERS)
    app.switch_page(f"{FOLDER}failures.py").run()
    assert app.multiselect[0].value == [ORDERS]
    assert set(tables(app)[0]["machine"]) == {ORDERS}


def test_failures_are_counted_as_the_report_counts_them(opened: Open, filled: Path) -> None:
    hotspots = tables(opened(filled, "failures", window="30d", machine=ORDERS))[0]
    declined = hotspots[hotspots["error"] == "CardDeclined"]
    assert declined["failures"].tolist() == [6]
    assert declined["role"].tolist() == ["root"]


def test_an_execution_has_its_story_its_attempts_and_the_cause(opened: Open, filled: Path) -> None:
    app = opened(filled, "executions", execution=arn_of(ORDERS, 2))
    assert "**FAILED**" in said(app)
    assert "CardDeclined" in said(app)
    assert tables(app)[0]["outcome"].tolist() == ["succeeded", "failed", "failed"]
    assert "the card was declined" in [block.value for block in app.code]


def test_a_running_execution_says_that_it_has_not_ended(opened: Open, filled: Path) -> None:
    app = opened(filled, "executions", execution=arn_of(ORDERS, 20))
    assert "**RUNNING**" in said(app)
    assert "has not ended" in said(app)


def test_an_execution_that_is_not_there_is_said(opened: Open, filled: Path) -> None:
    app = opened(filled, "executions", execution="arn:nobody")
    assert not app.exception
    assert "no execution of this ARN" in said(app)


def test_executions_are_narrowed_to_those_in_which_a_state_failed(opened: Open, filled: Path) -> None:
    app = opened(filled, "executions", window="30d", state="Charge", error="CardDeclined")
    assert set(tables(app)[0]["status"]) == {"FAILED"}
    assert len(tables(app)[0]) == 6


def test_executions_are_found_by_a_part_of_their_name(opened: Open, filled: Path) -> None:
    app = opened(filled, "executions", window="30d", find="orders-20")
    assert len(tables(app)[0]) == 1


def test_masked_failures_can_be_listed(opened: Open, filled: Path) -> None:
    app = opened(filled, "executions", window="30d", masked="true")
    assert len(tables(app)[0]) == 10


def test_collection_tells_denied_from_complete(opened: Open, filled: Path) -> None:
    coverage = tables(opened(filled, "collection"))[1].set_index("machine")
    assert coverage.loc[ORDERS, "outcome"] == "complete"
    assert coverage.loc[HOSTILE, "outcome"] == "denied"
    assert "AccessDenied" in coverage.loc[HOSTILE, "why"]


def test_names_of_strangers_reach_a_table_as_they_are(opened: Open, filled: Path) -> None:
    hotspots = tables(opened(filled, "failures", window="30d", machine=HOSTILE))[0]
    assert set(hotspots["state"]) == {HOSTILE_STATE}
    assert set(hotspots["error"]) == {HOSTILE_ERROR}


@pytest.mark.parametrize("page", PAGES)
def test_no_markup_comes_from_a_name(opened: Open, filled: Path, page: str) -> None:
    app = opened(filled, page, window="30d", execution=arn_of(HOSTILE, 1), state=HOSTILE_STATE, machine=HOSTILE)
    assert not app.exception
    assert all(not markdown.allow_html for markdown in app.markdown)
    for text in (str(part.value) for kind in (app.title, app.markdown, app.info, app.caption) for part in kind):
        for line in text.splitlines():
            assert "<script>" not in rendered_outside_code(line)
            assert "<img" not in rendered_outside_code(line)


def rendered_outside_code(line: str) -> str:
    """What Markdown would read outside of code spans; a fence of n backticks ends with the next n."""
    outside, rest = "", line
    while "`" in rest:
        before, _, rest = rest.partition("`")
        fence = "`" * (1 + len(rest) - len(rest.lstrip("`")))
        inside, found, after = rest.lstrip("`").partition(fence)
        outside += before
        rest = after if found else ""
        assert found, f"a code span is not closed: {inside}"
    return outside + rest


def test_sample_data_says_that_it_is(opened: Open, tmp_path: Path) -> None:
    folder = filled_store(tmp_path / "store")
    assert "Sample data" not in said(opened(folder, "overview"))
    with writable_store(folder) as store:
        finish_pass(store.db, begun_pass(store.db, "demo", NOW), NOW, "complete", "", {}, 0)
    assert "Sample data" in said(opened(folder, "overview"))


def test_a_new_pass_shows_at_once(opened: Open, tmp_path: Path) -> None:
    folder = filled_store(tmp_path / "store")
    app = opened(folder, "collection")
    assert len(tables(app)[-1]) == 1
    with writable_store(folder) as store:
        finish_pass(store.db, begun_pass(store.db, "collect", NOW), NOW, "complete", "", {}, 0)
    app.run()
    assert len(tables(app)[-1]) == 2


def test_a_page_writes_nothing(opened: Open, filled: Path) -> None:
    def state() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in filled.rglob("*") if path.suffix in (".db", ".parquet")}

    before = state()
    opened(filled, "overview", window="30d")
    opened(filled, "executions", execution=arn_of(ORDERS, 2))
    assert state() == before


def test_one_issue_is_shown_with_its_cause_and_the_executions_that_show_it(opened: Open, filled: Path) -> None:
    issue = tables(opened(filled, "issues", window="30d"))[0].iloc[0]
    app = opened(filled, "issues", window="30d", issue=issue["issue"])
    assert not app.exception
    assert "What is behind" in app.title[0].value
    assert f"stepscope issues mute {issue['issue']}" in said(app)
    assert len(tables(app)[0]) == int(str(issue["executions"]).replace(",", ""))


def test_an_issue_that_nobody_knows_is_said_to_be_none(opened: Open, filled: Path) -> None:
    app = opened(filled, "issues", window="30d", issue="<b>none</b>")
    assert "No failure of this issue" in said(app)
    assert not tables(app)


@pytest.mark.parametrize("page", ["cost", "standard_vs_express", "savings"])
def test_prices_that_nobody_checked_for_half_a_year_are_said_to_be_old(
    page: str, filled: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Prices were last checked" not in said(opened(filled, page, window="all"))
    monkeypatch.setattr(context, "now_ms", lambda: NOW + 300 * 86_400_000)
    assert "Prices were last checked on 2026-11-20" in said(opened(filled, page, window="all"))
