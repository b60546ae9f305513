"""Nothing is lost in silence: every fault of every operation, then a pass without.

`make soak` tries all of them and prints the figures; `make test` the worst of them, answers that were cut.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.collectors.killing import everything, run
from tests.collectors.trials import Bench, Trial, difference
from tests.standin.faults import FAULTS
from tests.standin.handle import QuotaProxy, Standin

OPERATIONS = {
    "ListStateMachines",
    "DescribeStateMachine",
    "DescribeStateMachineForExecution",
    "ListExecutions",
    "DescribeExecution",
    "GetExecutionHistory",
    "DescribeMapRun",
    "FilterLogEvents",
}


@pytest.fixture
def bench(proxy: QuotaProxy, standin: Standin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A world that has moved on since the last pass. Nobody waits before trying again: a fault is as bad at once."""
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda seconds: None)
    monkeypatch.setattr(
        "botocore.retries.adaptive.ClientRateLimiter.on_sending_request", lambda self, request, **kwargs: None
    )
    monkeypatch.setattr("collectors.aws.CUT_ANSWER_WAITS", (0.0, 0.0, 0.0))
    made = Bench(proxy, tmp_path)
    made.prepare(standin)
    return made


def test_every_operation_is_tried(bench: Bench) -> None:
    assert set(bench.calls) >= OPERATIONS


@pytest.mark.parametrize("fault", ["bad_json", "truncate"])
def test_answers_that_were_cut_leave_no_silent_hole(bench: Bench, fault: str) -> None:
    trials = [
        Trial(fault, operation, 1, is_lasting=False)
        for operation in ("ListExecutions", "GetExecutionHistory", "FilterLogEvents")
    ]
    trials += [Trial(fault, operation, 0, is_lasting=True) for operation in ("ListStateMachines", "ListExecutions")]
    assert [wrong for wrong in map(bench.verdict, trials) if wrong] == []


@pytest.mark.soak
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_leaves_a_silent_hole(
    bench: Bench, fault: str, record_property: Callable[[str, object], None]
) -> None:
    trials = bench.trials(fault)
    wrong = list(filter(None, map(bench.verdict, trials)))
    record_property("figure", f"fault {fault}: {len(trials)} trials, {len(wrong)} wrong")
    assert wrong == []


def killed_and_mended(folder: Path, executions: int, kills: int, seed: int = 7) -> tuple[int, list[str]]:
    """How many runs it took to kill so many collectors at work, and what differed after one more pass of each."""
    run(folder / "warm", executions)
    took = run(folder / "clean", executions)
    clean, dice, runs, wrong = everything(folder / "clean"), Random(seed), 0, []
    while kills:
        moment, place, runs = dice.uniform(0.0, took), folder / f"{runs}", runs + 1
        if run(place, executions, moment) < moment:  # it had ended before
            shutil.rmtree(place)
            continue
        kills -= 1
        run(place, executions)
        found = everything(place)
        wrong += [f"killed after {moment:.3f} s: {difference(clean, found)}"] if found != clean else []
        shutil.rmtree(place)
    return runs, wrong


def test_a_collector_that_was_killed_is_mended_by_the_next_pass(tmp_path: Path) -> None:
    assert killed_and_mended(tmp_path, executions=200, kills=3)[1] == []


@pytest.mark.soak
def test_a_collector_that_was_killed_at_any_moment_is_mended_by_the_next_pass(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    runs, wrong = killed_and_mended(tmp_path, executions=2_000, kills=200)
    record_property("figure", f"kill -9: 200 kills in {runs} runs of 2,000 executions, {len(wrong)} differ")
    assert wrong == []
