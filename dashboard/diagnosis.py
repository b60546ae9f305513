"""What the pages about causes say in a sentence. Pure."""

from __future__ import annotations

import pandas as pd

from analyzer.phases import NEW, REGRESSED
from analyzer.window import Window
from dashboard.filters import Filters
from dashboard.wording import DAY, ago, as_code, as_sentence, count, counted, duration, instant, is_known, usd

HISTORY_DAYS = 90
"""How far back an issue is followed: as long as AWS keeps histories."""


def followed(window: Window) -> Window:
    """The window to ask for issues in: what is new can only be told from what was before."""
    if window.since_ms is None or window.until_ms is None:
        return window
    since = min(window.since_ms, window.until_ms - HISTORY_DAYS * DAY)
    return Window(since, window.until_ms, window.machines, window.statuses)


def seen_within(issues: pd.DataFrame, window: Window) -> pd.DataFrame:
    """The issues that happened since the window began."""
    return issues if window.since_ms is None else issues[issues["last_seen_at"] >= window.since_ms]


def issues_seen(issues: pd.DataFrame, filters: Filters) -> str:
    """How many issues there are, and what is new or back."""
    if issues.empty:
        return f"Nothing failed {filters.words}{filters.narrowing}."
    news = issues[(issues["mark"] == "open") & issues["phase"].isin([NEW, REGRESSED])]
    held = f"**{counted(len(issues), 'issue')}** happened {filters.words}{filters.narrowing}"
    if news.empty:
        worst = issues.sort_values("ended", ascending=False, kind="stable").iloc[0]
        return f"{held}, none of them new. {_most(worst)}"
    return f"{held}; **{count(len(news))} new or back**. {news_of(news.iloc[0])}"


def news_of(issue: pd.Series) -> str:
    """What is new of an issue, in a sentence."""
    since = "is new" if issue["phase"] == NEW else f"is back after {counted(issue['quiet_days'], 'quiet day')}"
    return (
        f"{_named(issue)} {since}: first seen {instant(issue['first_seen_at'])}, in"
        f" {counted(issue['executions'], 'execution')} by now, of which it ended {count(issue['ended'])}."
    )


def _most(issue: pd.Series) -> str:
    if not issue["ended"]:
        return "None of them ended a run."
    return f"{_named(issue)} ended most runs: {count(issue['ended'])}."


def _named(issue: pd.Series) -> str:
    error = as_code(issue["error"]) if is_known(issue["error"]) else "A failure without a name"
    return f"{error} in {as_code(issue['state'])} of {as_code(issue['machine'])}"


def retry_advice(economics: pd.DataFrame, filters: Filters) -> str:
    """What the evidence says of the Retry of states: the first to change, and how many others."""
    advised = economics[economics["verdict"].isin(["retry", "never", "stop_earlier"])]
    if economics.empty:
        return f"Nothing failed that could have been retried {filters.words}{filters.narrowing}."
    if advised.empty:
        return "No Retry is to be changed: none was made in vain often enough to say so, none is clearly missing."
    first = advised.iloc[0]
    after = f"after {as_code(first['error'])}" if is_known(first["error"]) else "after a failure"
    saved = (
        f" That would have saved {usd(first['saved_usd'])} and {duration(first['saved_ms'])}." if _saves(first) else ""
    )
    return (
        f"**{counted(len(advised), 'Retry', 'Retry blocks')}** to change. {as_code(first['state'])} of"
        f" {as_code(first['machine'])} {after}: {first['advice']}{saved}"
    )


def _saves(row: pd.Series) -> bool:
    return bool(row["saved_ms"] > 0)


def advice_given(advice: pd.DataFrame, filters: Filters) -> str:
    """How much there is to mend, and what comes first."""
    if advice.empty:
        return (
            f"No rule has anything to say {filters.words}{filters.narrowing}. Rules look at definitions:"
            " `stepscope collect` fetches them, `stepscope import --definition` takes one from a file."
        )
    told = advice[advice["severity"] != "info"]
    rest = counted(len(advice) - len(told), "remark")
    if told.empty:
        return f"Nothing that happened {filters.words}{filters.narrowing} speaks for a change. {rest} without evidence."
    first = told.iloc[0]
    state = f"{as_code(first['state'])} of " if is_known(first["state"]) else ""
    known = told["saving_usd"].dropna()
    saving = f" Together they would have saved {usd(float(known.sum()))}." if len(known) else ""
    return (
        f"**{counted(len(told), 'thing')}** to mend, for which there is evidence. {state}{as_code(first['machine'])}:"
        f" {as_text(first['evidence'])}{saving} {rest} more without evidence."
    )


def as_text(sentence: str) -> str:
    """A sentence with names of strangers in it, as Markdown that shows it as it is."""
    return as_sentence(sentence)


def issue_story(issue: pd.Series, now_ms: int) -> str:
    """One issue in a few sentences: since when, how often, what became of it, what it cost."""
    hit = counted(issue["executions"], "execution")
    revision = f", with revision {as_code(issue['first_revision'])}" if is_known(issue["first_revision"]) else ""
    lost = f"{usd(issue['lost_usd'])} and {duration(issue['lost_ms'])} of running time"
    return (
        f"It hit **{hit}** and failed {counted(issue['attempts'], 'attempt')}: it ended {count(issue['ended'])} runs,"
        f" was caught in {count(issue['caught'])}, and was retried in {count(issue['recovered'])} that went on."
        f" First seen {instant(issue['first_seen_at'])}{revision}; last seen {ago(issue['last_seen_at'], now_ms)}."
        f" Lost: {lost}."
    )


def mark_story(issue: pd.Series) -> str:
    """What was decided about an issue, and the commands that decide."""
    marked = f"It is {issue['mark']}" + (
        f", and happened in {counted(issue['since_mark'], 'execution')} since it was marked."
        if is_known(issue["since_mark"])
        else "."
    )
    words = f"stepscope issues {{}} {issue['issue']}"
    return (
        f"{marked} `{words.format('mute')}` hides it, `{words.format('resolve')}` does until it happens again,"
        f" `{words.format('reopen')}` takes either back."
    )


def redrive_story(issue: pd.Series, now_ms: int) -> str | None:
    """Until when what the issue ended can be redriven; None when nothing can."""
    if not issue["redrivable"]:
        return None
    until = f"{instant(issue['redrive_until_at'])}, {ago(issue['redrive_until_at'], now_ms)}"
    return (
        f"AWS can still redrive **{counted(issue['redrivable'], 'execution')}** that it ended. The first runs out on"
        f" {until}. This runs its failed states again:"
    )
