"""Express machines that leave no trace."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analyzer.advice.rule import Evidence, Hint, Rule
from analyzer.machines import keyed


def hints(evidence: Evidence) -> Iterator[Hint]:
    """Express machines whose log level is OFF, as AWS describes them."""
    machines = evidence.facts.records["machines"]
    silent = machines[
        (machines["type"] == "EXPRESS") & (machines["log_level"] == "OFF") & machines["deleted_at"].isna()
    ]
    for machine, _ in keyed(pd.DataFrame(silent)):
        said = "Its log level is OFF: no execution of it can be seen, failed or not."
        yield Hint(machine, None, "medium", said, 1, 1)


RULE = Rule(
    question="Can Express executions be seen afterwards?",
    threshold="a log level of OFF",
    why="AWS keeps no history of Express executions: what is not logged never happened.",
    fix="Set the log level to ALL, or to ERROR where volume matters, without execution data where that is private.",
    hints=hints,
)
