"""Machines that have cost too much in this month."""

from __future__ import annotations

from datetime import UTC, datetime

import narwhals as nw

from analyzer.columns import MACHINE
from analyzer.expressions import totals
from analyzer.registry import Facts
from analyzer.rules.finding import Finding
from analyzer.rules.thresholds import breaches, is_asked
from analyzer.window import Window
from store.settings import Settings

RULE = "cost_usd_month"
SENTENCE = "${value:,.2f} at list price since the month began (UTC); ${threshold:,.2f} are allowed."


def findings(facts: Facts, settings: Settings) -> list[Finding]:
    """A finding for each machine whose executions of this UTC month cost more than allowed, before the free tier."""
    rules = settings.rules
    if not is_asked(rules, RULE):
        return []
    month = facts.within(Window(since_ms=month_start_ms(facts.now_ms)))
    machines = totals(month.executions, MACHINE, amounts={"value": nw.col("cost_usd")})
    return breaches(machines, rules, RULE, "usd", SENTENCE)


def month_start_ms(now_ms: int) -> int:
    """When the UTC month of a time began, in milliseconds since 1970."""
    month = datetime.fromtimestamp(now_ms / 1000, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return round(month.timestamp() * 1000)
