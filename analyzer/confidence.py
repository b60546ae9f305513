"""What a count says about those that were not counted."""

from __future__ import annotations

import math

# Of 100 such samples, 95 have their true share below the bound: the quantile of the normal distribution.
_ONE_SIDED_95 = 1.6448536269514722
_RULE_OF_THREE = 3


def share_at_most(seen: int, of: int) -> float | None:
    """The share of all that may be like those seen, with 95 % confidence; None when nothing was looked at.

    When none was seen it is the rule of three (3 by how many were looked at), else the upper end of Wilson's interval.

    >>> share_at_most(0, 1000), share_at_most(0, 2), share_at_most(0, 0)
    (0.003, 1.0, None)
    """
    if not of:
        return None
    if not seen:
        return min(_RULE_OF_THREE / of, 1.0)
    share, square = seen / of, _ONE_SIDED_95**2
    spread = _ONE_SIDED_95 * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return min((share + square / (2 * of) + spread) / (1 + square / of), 1.0)
