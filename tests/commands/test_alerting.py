from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from analyzer.rules.finding import Finding
from collectors import notices
from commands.alerting import changes
from store.errors import NoticeError
from tests.commands.running import ran, refusal

SLOW = Finding("orders", "p95_ms", "too slow.", 9, 5, "ms")
DEAR = Finding("orders", "cost_usd_month", "too dear.", 9, 5, "usd")


def test_told_is_what_is_new_and_what_is_over_and_nothing_that_lasts() -> None:
    changed = changes({SLOW.key: "orders was slow", "gone": "b failed"}, [SLOW._replace(value=8), DEAR])
    assert changed.new == {DEAR.key: DEAR}
    assert changed.over == {"gone": "b failed"}
    assert changed.text == "BROKEN  orders  cost_usd_month  too dear.\nOVER    b failed"
    assert changed.document["findings"][0]["threshold"] == 5


def test_each_finding_is_told_once_until_it_is_over(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Path(shutil.copytree(sample, tmp_path / "store"))
    told: list[str] = []
    monkeypatch.setattr(notices, "post", lambda url, document: told.append(document["text"]))
    file = tmp_path / "rules.toml"

    def checked(rules: str) -> int:
        file.write_text(f'[alerts]\nwebhook_url = "https://hooks.example.com/x"\n[rules]\ndays = 90\n{rules}')
        return ran("check", "--store", store, "--config", file).exit_code

    assert checked("failure_rate = 0.0001") == checked("failure_rate = 0.0001") == 1
    assert [text.partition(" ")[0] for text in told] == ["BROKEN"]
    assert checked("") == checked("") == 0
    assert [text.partition(" ")[0] for text in told] == ["BROKEN", "OVER"]


def test_what_could_not_be_told_is_told_again(sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Path(shutil.copytree(sample, tmp_path / "store"))
    tried: list[str] = []

    def refuse(url: str, _: object) -> None:
        tried.append(url)
        raise NoticeError("the webhook at x was not told: it answered 500")

    monkeypatch.setattr(notices, "post", refuse)
    file = tmp_path / "rules.toml"
    file.write_text('[alerts]\nwebhook_url = "https://hooks.example.com/x"\n[rules]\ndays = 90\np95_ms = 1')
    for _ in range(2):
        assert "was not told" in refusal(ran("check", "--store", store, "--config", file), 1)
    assert len(tried) == 2
