"""What the log level of an Express machine lets one know of its runs, and what it does not.

Developer guide, "Logging in CloudWatch Logs": https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
"""

from __future__ import annotations

ALL, OFF = "ALL", "OFF"

CANNOT_TELL = {
    "ERROR": "no starts, durations, attempts, retries or states entered, and no count of successes",
    "FATAL": "no starts, durations, attempts, retries or states at all, and no count of successes",
    "OFF": "nothing of its runs",
}
"""By level, what its records do not hold; ALL leaves out nothing."""

KEPT = {"ERROR": "failures of states and executions", "FATAL": "failed executions"}
"""What the levels between ALL and OFF do hold."""


def level_sentence(level: str | None) -> str | None:
    """What a machine that logs at this level cannot tell; None when it tells everything. No level is OFF."""
    level = level or OFF
    if level == ALL:
        return None
    if level in KEPT:
        return f"level {level}: only {KEPT[level]}; {CANNOT_TELL[level]}"
    return f"logging is OFF: {CANNOT_TELL['OFF']} is kept anywhere; set its level to ALL"
