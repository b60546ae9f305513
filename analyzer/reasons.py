"""The three reasons that decide whether a machine should have the other type: definition, durations, money."""

from __future__ import annotations

from decimal import Decimal

from analyzer.replay import Comparison

_LIMIT = "the 5 minutes that Express allows"


def reasons(compared: Comparison, longest_ms: int, too_long_at_most: float | None) -> list[str]:
    """Three sentences: what the definition says, what the durations say, what the costs say.

    `longest_ms` is the longest execution, `too_long_at_most` the share of all that may be too long for Express.
    """
    return [_definition(compared), _durations(compared, longest_ms, too_long_at_most), _costs(compared)]


def _definition(compared: Comparison) -> str:
    if compared.type == "EXPRESS":
        return "Standard has everything that Express has."
    if compared.blockers is None:
        return "Its definition is not known, so nobody can tell whether Express could run it."
    if compared.blockers:
        others = len(compared.blockers) - 1
        return compared.blockers[0] + (f" There {'is one' if others == 1 else f'are {others}'} more." if others else "")
    return "Its definition holds nothing that Express lacks."


def _durations(compared: Comparison, longest_ms: int, too_long_at_most: float | None) -> str:
    ran = f"{compared.executions:,} executions"
    if compared.type == "EXPRESS":
        return f"The longest of {ran} took {longest_ms / 1_000:,.1f} s, and Standard bills no duration."
    if compared.too_long:
        return f"{compared.too_long:,} of {ran} took longer than {_LIMIT}."
    bound = "" if too_long_at_most is None else f", and with 95 % confidence fewer than {too_long_at_most:.2%} would"
    return f"None of {ran} took longer than {_LIMIT}{bound}; the longest took {longest_ms / 1_000:,.1f} s."


def _costs(compared: Comparison) -> str:
    low, high = compared.least_saving_usd, compared.most_saving_usd
    if compared.saving_usd is None or low is None or high is None:
        return "One of the two costs is not known: no price is."
    way = compared.other_type.capitalize()
    if low > 0:
        return f"{way} saves {_usd(compared.saving_usd)}, and at least {_usd(low)} whatever is not known."
    if high < 0:
        return f"{way} costs {_usd(-compared.saving_usd)} more, and at least {_usd(-high)} whatever is not known."
    of = "memory, logs and the start of an execution"
    return f"{way} is between {_usd(-low)} dearer and {_usd(high)} cheaper, depending on {of}."


def _usd(amount: Decimal) -> str:
    """Dollars to the cent, small amounts to their first two digits."""
    return f"${amount:,.2f}" if amount >= 1 or not amount else f"${float(f'{amount:.2g}'):,.10f}".rstrip("0")
