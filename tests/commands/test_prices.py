from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.analyzer.offers import EVERYTHING, SEOUL, bulk_file, product
from tests.commands.running import done, ran, refusal
from tests.standin.handle import Standin

HALF_A_YEAR_MS = 181 * 86_400_000
NOVEMBER_2026 = 1_795_132_800_000
STANDARD = ("estimate", "standard", "--transitions", 1_000, "--no-free-tier", "--json")


def written(folder: Path, *products: dict[str, object]) -> Path:
    path = folder / "index.json"
    path.write_text(json.dumps(bulk_file(*products)))
    return path


def total(region: str, folder: Path) -> object:
    return json.loads(done(ran(*STANDARD, "--region", region, "--store", folder)))["total_usd"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_the_api_fills_in_what_was_not_known(standin: Standin, store: Path) -> None:
    sizes = ("--executions", 10, "--duration-ms", 1, "--memory-mb", 1)
    express = ("estimate", "express", *sizes, "--store", store)
    refusal(ran(*express, "--region", "ap-northeast-2"), 2)
    standin.sell(EVERYTHING)
    said = done(ran("prices", "refresh", "--endpoint-url", standin.endpoint, "--store", store))
    assert "3 prices of 1 Region, 2 of them new or changed" in said
    assert "requests" in done(ran(*express, "--region", "ap-northeast-2"))


def test_a_file_needs_no_network_and_keeps_history(store: Path, tmp_path: Path) -> None:
    kept = ("--store", store)
    done(ran("prices", "refresh", "--file", written(tmp_path, SEOUL), *kept))
    dearer = product("APN2-StateTransition", ("0", "0.5"), effective="2026-09-01")
    done(ran("prices", "refresh", "--file", written(tmp_path, dearer), *kept))
    assert total("ap-northeast-2", store) == 500
    listed = done(ran("prices", "list", "--all", "--region", "ap-northeast-2", *kept))
    assert "0.0000271 per transition, from 2025-07-01 to 2026-09-01" in listed
    assert "0.5 per transition, from 2026-09-01, checked 2026-10-03" in listed


def test_another_currency_is_carried_to_the_answer(store: Path, tmp_path: Path) -> None:
    beijing = product("CNN1-StateTransition", ("0", "0.25"), region="cn-north-1", currency="CNY")
    done(ran("prices", "refresh", "--file", written(tmp_path, beijing), "--store", store))
    found = json.loads(done(ran(*STANDARD, "--region", "cn-north-1", "--store", store)))
    assert (found["currency"], found["total_usd"]) == ("CNY", 250)


def test_an_unknown_region_says_how_to_refresh() -> None:
    assert "stepscope prices refresh" in refusal(ran(*STANDARD, "--region", "mars-1"), 2)


def test_sources_that_disagree_are_shown_and_not_used() -> None:
    said = refusal(ran(*STANDARD, "--region", "cn-north-1"), 2)
    assert "sources disagree" in said
    assert "0.0001891" in said
    assert "0.0002102" in said


def test_prices_that_nobody_checked_for_half_a_year_are_said_to_be_old() -> None:
    fresh = ran(*STANDARD, now=NOVEMBER_2026)
    assert fresh.stderr == ""
    old = ran(*STANDARD, now=NOVEMBER_2026 + HALF_A_YEAR_MS)
    assert "Prices were last checked on 2026-11-20" in old.stderr
    assert json.loads(old.stdout)["total_usd"] == 0.025
    assert "stepscope prices refresh" in ran("prices", "list", now=NOVEMBER_2026 + HALF_A_YEAR_MS).stderr


def test_figures_that_disagree_are_left_out_and_exit_1(store: Path, tmp_path: Path) -> None:
    other = product("X-StateTransition", ("0", "7"), sku="X")
    seconds = product("APN2-StepFunctions-Request", ("0", "0.1"), sku="Q")
    said = refusal(ran("prices", "refresh", "--file", written(tmp_path, SEOUL, other, seconds), "--store", store), 1)
    assert "left out: The Price List has two prices" in said
    assert (store / "prices.json").is_file()


@pytest.mark.parametrize("text", ["", "{}", '{"products": {}, "terms": {}}'])
def test_a_file_without_prices_changes_nothing(text: str, store: Path, tmp_path: Path) -> None:
    path = tmp_path / "index.json"
    path.write_text(text)
    refusal(ran("prices", "refresh", "--file", path, "--store", store), 1)
    assert not (store / "prices.json").exists()
    refusal(ran("prices", "refresh", "--file", tmp_path / "absent.json", "--store", store), 1)


def test_tables_are_priced_anew_after_a_refresh(imported: Path, tmp_path: Path) -> None:
    store = tmp_path / "copy"
    shutil.copytree(imported, store)
    first = done(ran("report", "cost_by_machine", "--store", store, "--out", tmp_path / "before"))
    dear = product("X-StateTransition", ("0", "0.5"), region="us-east-1", effective="2020-01-01")
    done(ran("prices", "refresh", "--file", written(tmp_path, dear), "--store", store))
    done(ran("report", "cost_by_machine", "--store", store, "--out", tmp_path / "after"))
    assert "cost_by_machine.csv" in first
    before, after = ((tmp_path / name / "cost_by_machine.csv").read_text() for name in ("before", "after"))
    assert before != after
