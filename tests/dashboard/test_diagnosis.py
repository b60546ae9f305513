from __future__ import annotations

import pandas as pd

from analyzer.window import Window
from dashboard.diagnosis import (
    advice_given,
    followed,
    issue_story,
    issues_seen,
    mark_story,
    redrive_story,
    retry_advice,
    seen_within,
)
from dashboard.filters import Filters
from dashboard.wording import DAY
from tests.dashboard.answered import HOSTILE, NOW, answered, nothing

FILTERS = Filters("30d")


def test_an_issue_is_followed_for_90_days_and_shown_if_it_happened_in_the_window() -> None:
    window = Window(NOW - 7 * DAY, NOW, ["orders"])
    assert followed(window) == Window(NOW - 90 * DAY, NOW, ["orders"])
    issues = answered("issues")
    assert len(seen_within(issues, Window(None, None))) == len(issues)
    late = int(issues["last_seen_at"].max())
    assert len(seen_within(issues, Window(late, None))) < len(issues) + 1
    assert seen_within(issues, Window(late + 1, None)).empty


def test_nothing_failed_is_a_sentence() -> None:
    assert issues_seen(nothing("issues"), FILTERS) == "Nothing failed in the last 30 days."


def test_without_news_the_issue_that_ended_most_runs_is_named() -> None:
    text = issues_seen(answered("issues"), FILTERS)
    assert text.startswith("**2 issues** happened in the last 30 days, none of them new.")
    assert "ended most runs: 2." in text


def test_what_is_new_or_back_is_said_first() -> None:
    issues = answered("issues")
    issues.loc[0, "phase"] = "regressed"
    issues.loc[0, "quiet_days"] = 12
    text = issues_seen(issues, FILTERS)
    assert "**1 new or back**" in text
    assert "is back after 12 quiet days" in text
    assert "is new: first seen" in issues_seen(issues.assign(phase="new"), FILTERS)


def test_names_of_strangers_stay_text() -> None:
    issues = answered("issues")
    hostile = issues[issues["machine"] == HOSTILE].assign(phase="new")
    assert f"`{HOSTILE}`" in issues_seen(hostile, FILTERS)


def test_an_issue_is_told_in_figures_and_with_the_commands_that_decide() -> None:
    issue = answered("issues").iloc[0]
    assert "It hit **3 executions**" in issue_story(issue, NOW)
    assert f"`stepscope issues mute {issue['issue']}`" in mark_story(issue)
    assert mark_story(issue).startswith("It is open.")
    issue["mark"], issue["since_mark"] = "muted", 4
    assert mark_story(issue).startswith("It is muted, and happened in 4 executions since it was marked.")


def test_a_redrive_is_offered_only_where_one_is_left() -> None:
    issue = answered("issues").iloc[0].copy()
    issue["redrivable"] = 0
    assert redrive_story(issue, NOW) is None
    issue["redrivable"], issue["redrive_until_at"] = 2, NOW + DAY
    assert "**2 executions**" in (redrive_story(issue, NOW) or "")


def test_the_retry_to_change_is_named_with_its_evidence() -> None:
    economics = answered("retry_economics")
    assert retry_advice(economics, FILTERS).startswith("No Retry is to be changed")
    told = economics.assign(verdict="never", advice="0 of 60 such retries succeeded: do not retry it.", saved_ms=9_000)
    text = retry_advice(told.assign(saved_usd=0.5), FILTERS)
    assert "0 of 60 such retries succeeded: do not retry it. That would have saved $0.50 and 9 s." in text
    assert retry_advice(nothing("retry_economics"), FILTERS).startswith("Nothing failed")


def test_advice_with_evidence_is_told_first_and_names_stay_text() -> None:
    advice = pd.DataFrame(
        {"machine": [HOSTILE, "b"], "state": ["Charge", None], "severity": ["high", "info"], "evidence": "**1** of 2."}
        | {"saving_usd": [0.5, None]}
    )
    text = advice_given(advice, FILTERS)
    assert "**1 thing** to mend" in text
    assert "saved $0.50" in text
    assert "1 remark more without evidence" in text
    assert "**1** of 2" not in text
    assert "speaks for a change" in advice_given(advice[1:], FILTERS)
    assert "Rules look at definitions" in advice_given(advice[:0], FILTERS)
