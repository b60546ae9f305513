from __future__ import annotations

from dashboard.collection import OUTCOMES, collector, coverage_table, history_table, meanings, pass_table, summary
from dashboard.context import Collected
from store.freshness import HistoryCount
from store.heartbeat import COLLECTING, ENDED, LEASE_MS, WAITING, Heartbeat
from store.machines import Machine
from store.passes import CoverageRow, PassRow

HOUR = 3_600_000
NOW = 1_790_812_800_000
MACHINES = [Machine(n, f"arn:{name}", name, "STANDARD", "us-east-1", "1") for n, name in enumerate("abcde", start=1)]
COVERAGE = [
    CoverageRow(2, "t", None, "standard", "complete", listed=5),
    CoverageRow(2, "t", 1, "standard", "complete", listed=3, saved=3),
    CoverageRow(2, "t", 2, "standard", "denied", sentence="AccessDenied"),
    CoverageRow(2, "t", 3, "standard", "throttled", missed=7),
    CoverageRow(2, "t", 4, "standard", "complete"),
]
PASS = PassRow(2, "collect", NOW - 2 * HOUR, NOW - HOUR, "partial", "5 machines", "{}", 3)
COUNTS = [HistoryCount("RUNNING", None, 1), HistoryCount("FAILED", None, 2), HistoryCount("FAILED", "expired", 4)]
COLLECTED = Collected([PASS], COVERAGE, {(1, "standard"): NOW - HOUR}, COUNTS, {1: 3, 3: 1})


def test_denied_throttled_empty_and_unknown_are_different_words() -> None:
    outcomes = coverage_table(MACHINES, COLLECTED).set_index("machine")["outcome"]
    assert outcomes[["a", "b", "c", "d", "e"]].tolist() == ["complete", "denied", "throttled", "empty", "unknown"]
    assert set(outcomes) <= set(OUTCOMES)


def test_what_needs_attention_stands_first() -> None:
    assert coverage_table(MACHINES, COLLECTED)["machine"].tolist()[:3] == ["b", "c", "e"]


def test_a_machine_knows_up_to_when_it_is_complete() -> None:
    rows = coverage_table(MACHINES, COLLECTED).set_index("machine")
    assert rows.loc["a", "complete_to_at"] == NOW - HOUR
    assert rows["complete_to_at"].isna()["b"]
    assert rows.loc["b", "why"] == "AccessDenied"


def test_the_words_that_occur_are_explained() -> None:
    assert "**denied**" in meanings(COVERAGE)
    assert "**throttled**" in meanings(COVERAGE)
    assert meanings(COVERAGE[:2]) == ""


def test_a_history_that_is_missing_says_why() -> None:
    assert history_table(COUNTS)["history"].tolist() == ["still running", "not yet fetched", "expired"]


def test_a_pass_that_runs_has_no_duration() -> None:
    running = PASS._replace(finished_at=None, outcome=None)
    assert pass_table(COLLECTED)["duration_ms"].tolist() == [HOUR]
    assert pass_table(COLLECTED._replace(passes=[running]))["duration_ms"].isna().all()
    assert "has not ended" in summary(COLLECTED._replace(passes=[running]), NOW)


def test_the_summary_counts_what_is_missing() -> None:
    sentence = summary(COLLECTED, NOW)
    assert "ended 1 hour ago" in sentence
    assert "2 listings could not be got whole; 7 histories could not be got" in sentence


BEAT = Heartbeat(7, "db-`1`", NOW - HOUR, NOW, WAITING, 300_000, NOW + 2 * HOUR)


def test_a_collector_that_lives_says_what_it_does() -> None:
    assert collector(None, NOW) == ""
    assert collector(BEAT, NOW) == "The collector (process 7 on `` db-`1` ``) waits; its next pass begins in 2 hours."
    assert collector(BEAT._replace(state=COLLECTING), NOW).endswith(" is in a pass.")


def test_a_collector_that_is_gone_is_told_from_one_that_ended() -> None:
    assert "it is gone" in collector(BEAT, NOW + LEASE_MS + 1)
    assert " ended 1 hour ago. " in collector(BEAT._replace(state=ENDED, renewed_at=NOW - HOUR), NOW)
