"""A recording's time and names become an execution's own, and nothing else of it changes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.recordings import Clock, Recordings, moment
from store.errors import MisuseError

MS = st.integers(0, 10**13)
SAMPLE = Path(__file__).parents[2] / "sample_data"


def test_a_date_is_aware_and_exact() -> None:
    assert moment(1_795_197_145_226) == datetime(2026, 11, 20, 17, 52, 25, 226_000, tzinfo=UTC)


@given(began=MS, start=MS, stretch=st.floats(0.1, 10), offsets=st.lists(st.integers(0, 10**8), min_size=2))
def test_a_stretched_clock_keeps_the_order(began: int, start: int, stretch: float, offsets: list[int]) -> None:
    clock = Clock(began, start, stretch)
    times = [clock.ms(began + offset) for offset in sorted(offsets)]
    assert times == sorted(times)
    assert clock.ms(began) == start


def test_only_dates_are_dated() -> None:
    answer = Clock(1_000, 5_000, 2.0).dated({"startDate": 1_000, "stopDate": 1_250, "redriveCount": 1})
    assert answer == {"startDate": moment(5_000), "stopDate": moment(5_500), "redriveCount": 1}


def test_a_folder_without_recordings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="no file of recordings"):
        Recordings(tmp_path)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "machines.jsonl.zst").write_text("not compressed")
    with pytest.raises(MisuseError, match=r"machines\.jsonl\.zst"):
        Recordings(tmp_path)


def test_a_child_keeps_its_place_in_its_parent() -> None:
    recordings = Recordings(SAMPLE)
    children = [one for one in recordings.executions if one.machine_arn.endswith(":settlement-calc")]
    parents = {one.clock: one for one in recordings.executions if one.machine_arn.endswith(":settlement")}
    assert children
    for child in children:
        parent = parents[child.clock].described
        assert parent["startDate"] < child.described["startDate"] < child.described["stopDate"] <= parent["stopDate"]


def test_a_parent_that_quotes_its_child_quotes_the_right_one() -> None:
    executions = Recordings(SAMPLE, date(2030, 1, 1)).executions
    children = {one.clock: one.described for one in executions if one.machine_arn.endswith(":settlement-calc")}
    failed = [one for one in executions if one.machine_arn.endswith(":settlement") and "cause" in one.described]
    assert failed
    for parent in failed:
        child = children[parent.clock]
        assert child["executionArn"] in parent.described["cause"]
        assert f'"StartDate": {round(child["startDate"].timestamp() * 1000)}' in parent.described["cause"]
        assert any(child["name"] in str(event) for event in parent.events())


def test_each_map_run_is_its_own() -> None:
    runs = [run["mapRunArn"] for one in Recordings(SAMPLE).executions for run in one.map_runs()]
    assert len(runs) == len(set(runs)) > 0


def test_the_words_say_what_was_run_and_what_was_repeated() -> None:
    about = Recordings(SAMPLE, date(2027, 3, 1)).about()
    assert about.last_day == date(2027, 2, 28)
    assert f"{about.recorded} executions that ran" in about.sentence
    assert f"as {about.executions:,}" in about.sentence
    assert f"moved by {about.shifted_days} days" in about.sentence
