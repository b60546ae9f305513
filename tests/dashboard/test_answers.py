from __future__ import annotations

import re

import pandas as pd
import pytest

from dashboard import answers
from dashboard.filters import Filters
from tests.dashboard.answered import EXECUTIONS, HOSTILE, NOW, answered, nothing

LAST_WEEK = Filters()


def test_an_overview_counts_and_compares() -> None:
    now = answers.totals(answered("executions_by_day"))
    before = answers.totals(answered("executions_by_day", EXECUTIONS[:2]))
    sentence = answers.overview(now, before, LAST_WEEK)
    assert "**6 executions** started in the last 7 days" in sentence
    assert "**3 failed**, 60 % of those that ended" in sentence
    assert "60.0 points more than in the 7 days before" in sentence


def test_an_overview_without_a_window_before_compares_with_nothing() -> None:
    now = answers.totals(answered("executions_by_day"))
    assert "points" not in answers.overview(now, None, LAST_WEEK)
    assert "points" not in answers.overview(now, answers.totals(nothing("executions_by_day")), LAST_WEEK)


def test_nothing_ended_is_no_rate() -> None:
    running = answers.totals(answered("executions_by_day", [{"status": "RUNNING"}]))
    assert running.failure_rate is None
    assert "none has ended yet" in answers.overview(running, None, LAST_WEEK)


def test_failures_name_the_state_the_error_and_the_part() -> None:
    sentence = answers.failures(answered("failure_hotspots"), answered("retry_rates"), LAST_WEEK, NOW)
    assert "5 attempts" in sentence
    assert "`Charge` of `orders` fails most: 4 times, 80 %, mostly with `CardDeclined`" in sentence
    assert r"Its 1 retry cost \$0.000025." in sentence


def test_retries_tell_what_they_cost_and_whether_they_help() -> None:
    sentence = answers.retries(answered("retry_rates"), LAST_WEEK)
    assert "1 retry" in sentence
    assert "0 % succeeded in the end" in sentence
    assert r"\$0.000025" in sentence


def test_latency_looks_at_tasks_and_not_at_what_only_waits() -> None:
    sentence = answers.latency(answered("state_latency"), LAST_WEEK)
    assert "Wait" not in sentence
    assert "5 s" in sentence


def test_cost_tells_what_was_in_vain_and_what_is_not_known() -> None:
    machines = answered("cost_by_machine")
    sentence = answers.cost(machines, answered("executions_by_day", EXECUTIONS[:2]), LAST_WEEK)
    assert r"**\$0.00013**" in sentence
    assert "+150 % against the 7 days before" in sentence
    assert "1 execution is not known" in str(answers.unpriced(machines))
    assert answers.unpriced(answered("cost_by_machine", EXECUTIONS[:2])) is None


def test_a_cost_that_is_not_known_is_not_told_as_nothing() -> None:
    unpriced = answered("cost_by_machine", [{"cost_usd": None, "cost_note": "cost unknown"}], [])
    assert "No cost is known" in answers.cost(unpriced, None, LAST_WEEK)


def test_masked_failures_name_where_they_are() -> None:
    sentence = answers.masked_failures(answered("masked_failures"), LAST_WEEK)
    assert "**1 execution**" in sentence
    assert "`Charge` failed" in sentence
    assert "None did" in answers.masked_failures(nothing("masked_failures"), LAST_WEEK)


def test_a_lower_bound_is_said_where_histories_are_not_complete() -> None:
    days = answered("executions_by_day")
    assert "1 execution without a complete history" in str(answers.lower_bound(days, "executions_partial"))
    assert answers.lower_bound(answered("executions_by_day", EXECUTIONS[:1]), "executions_partial") is None


@pytest.mark.parametrize(
    "sentence",
    [
        answers.failures(nothing("failure_hotspots"), nothing("retry_rates"), LAST_WEEK, NOW),
        answers.retries(nothing("retry_rates"), LAST_WEEK),
        answers.comparison(nothing("standard_vs_express")),
    ],
)
def test_nothing_to_tell_is_a_sentence(sentence: str) -> None:
    assert re.fullmatch(r"N.+\.", sentence)


def test_names_stand_in_code_and_amounts_begin_no_formula() -> None:
    hotspots = answered("failure_hotspots")
    sentence = answers.failures(hotspots[hotspots["machine"] == HOSTILE], answered("retry_rates"), LAST_WEEK, NOW)
    outside = re.sub(r"(`+).*?\1", "", sentence)
    assert HOSTILE in sentence
    assert "<b>" not in outside
    assert "$" not in outside.replace(r"\$", "")


def test_what_logs_leave_out_is_said_of_the_machines_looked_at() -> None:
    frame = pd.DataFrame(
        {"machine": ["a", "b", "c", "d", "e"], "cannot_tell": [None, "logging is OFF", "level ERROR", "x", "y"]}
    )
    every = answers.log_levels(frame, Filters())
    assert every is not None
    assert every.startswith("Express machine `b`: logging is OFF. Express machine `c`: level ERROR.")
    assert every.endswith("And 1 more machine.")
    assert answers.log_levels(frame, Filters(machines=("a",))) is None
