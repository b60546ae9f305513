"""Issues that are new, or back after a quiet time."""

from __future__ import annotations

from typing import Any

from analyzer.phases import NEW, REGRESSED
from analyzer.registry import Facts, analysis_named
from analyzer.rules.finding import Finding
from analyzer.rules.thresholds import is_asked, threshold
from analyzer.window import MS_IN_DAY, Window
from store.settings import Settings

RULE = "new_issue"
DAYS = 90
"""How far back is looked for an issue to know that it is new: as long as AWS keeps histories."""


def findings(facts: Facts, settings: Settings) -> list[Finding]:
    """A finding for each open issue that is new or regressed, where that is asked."""
    rules = settings.rules
    if not is_asked(rules, RULE):
        return []
    recent = facts.within(Window(since_ms=facts.now_ms - DAYS * MS_IN_DAY))
    issues = analysis_named("issues").run(recent)
    told: list[Any] = list(issues[(issues["mark"] == "open") & issues["phase"].isin([NEW, REGRESSED])].itertuples())
    return [
        Finding(row.machine, RULE, _sentence(row), float(row.executions), 0.0, "executions", row.issue)
        for row in told
        if threshold(rules, RULE, row.machine)
    ]


def _sentence(issue: Any) -> str:
    """The issue in a line, without its cause: what a cause says stays in the store."""
    since = "is new" if issue.phase == NEW else f"is back after {issue.quiet_days} quiet days"
    hit = f"{issue.executions:,} executions, {issue.ended:,} ended by it"
    return f"{issue.error} in {issue.state} {since}: {hit}. Issue {issue.issue}."
