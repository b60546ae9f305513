"""The answers of the pages about money as sentences with numbers. Pure."""

from __future__ import annotations

import pandas as pd

from analyzer.scenario import Outcome
from dashboard.answers import money, total
from dashboard.links import linked
from dashboard.wording import as_code, as_sentence, change, count, counted, duration, is_known, share

SHOWN = 3


def purposes(spent: pd.DataFrame) -> str:
    """What part of the cost was work that counted, and what the rest went into, from the rows of `cost_by_purpose`."""
    by_purpose = spent.groupby("purpose")["cost_usd"].sum()
    whole = float(by_purpose.sum())
    if not whole:
        return "No cost is known."
    rest = by_purpose.drop("work", errors="ignore").sort_values(ascending=False)
    parts = [f"{money(usd_spent)} {linked(str(name), 'purpose')}" for name, usd_spent in rest.items() if usd_spent > 0]
    worked = share(float(by_purpose.get("work", 0.0)) / whole)
    return f"**{worked} of {money(whole)}** was work that counted" + (f"; {', '.join(parts)}." if parts else ".")


def reasons(row: pd.Series) -> str:
    """The verdict on a machine, the three reasons that decide it, where both types cost the same, and the warnings."""
    lines = [f"**{as_sentence(row['verdict'])}**", "", f"- {as_sentence(row['reasons'])}"]
    if is_known(row["break_even_duration_ms"]):
        volume = row["break_even_executions"]
        from_on = f" and from {count(volume)} executions a month on" if is_known(volume) else ""
        lines.append(f"- Express costs less up to {duration(row['break_even_duration_ms'])} of duration{from_on}.")
    if is_known(row["warnings"]):
        lines.append(f"- To be judged: {as_sentence(row['warnings'])}")
    return "\n".join(lines)


def savings(found: pd.DataFrame) -> str:
    """The greatest savings, each with its effort."""
    if found.empty:
        return "Nothing is known that would save money: what could be changed has no price, or would cost more."
    lines = [
        f"- {as_code(row['machine'])}, {money(row['saving_per_month_usd'])} a month: {as_sentence(row['saving'])}"
        f" ({row['effort']} effort, {row['confidence']} confidence)"
        for _, row in found.head(SHOWN).iterrows()
    ]
    return "\n".join([f"**{counted(len(found), 'thing')}** could save money. The greatest:", "", *lines])


def segments(found: pd.DataFrame) -> str:
    """How many parts there are, and what they save together: parts of a machine do not overlap."""
    if found.empty:
        return "No part of a machine would cost less as an Express child, or no definition is known."
    parts = counted(len(found), "part")
    machines = counted(int(found["machine"].nunique()), "machine")
    saved = total(found, "saving_per_month_usd")
    unknown = int(found["saving_usd"].isna().sum())
    priced = f"; for {count(unknown)} of them a price is not known" if unknown else ""
    transitions = count(int(found["transitions_saved"].sum()))
    return f"**{parts}** of {machines} would save {transitions} transitions, {money(saved)} a month{priced}."


def what_if(first: Outcome, second: Outcome) -> str:
    """What both scenarios cost at their cheaper type, and how far apart they are."""
    told = [_scenario(name, of) for name, of in (("A", first), ("B", second))]
    one, other = _least(first), _least(second)
    if one is None or other is None:
        return " ".join(told)
    apart = change(other, one)
    return " ".join([*told, f"B costs {apart} against A." if apart and other != one else "Both cost the same."])


def _scenario(name: str, of: Outcome) -> str:
    least = _least(of)
    if least is None:
        return f"Scenario {name} has no price: {as_sentence(of.note)}."
    forbidden = f" ({as_sentence(of.obstacle.rstrip('.'))})" if of.obstacle else ""
    return f"Scenario {name} costs **{money(least)}** a month as {of.cheaper.capitalize()}{forbidden}."


def _least(of: Outcome) -> float | None:
    usd = of.express_usd if of.cheaper == "EXPRESS" else of.standard_usd
    return None if usd is None or not of.cheaper else float(usd)
