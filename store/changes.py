"""Changes of status that were announced: they may come twice, late and out of order, and never undo what is known."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from store.executions import ExecutionRow, save_executions
from store.sqlite import Database

_STAGES = {"RUNNING": 0, "SUCCEEDED": 1, "FAILED": 1, "TIMED_OUT": 1, "ABORTED": 1, "PENDING_REDRIVE": 2}
"""What comes after what within one run of an execution; each redrive begins again."""

STATUSES = frozenset(_STAGES)

Stage = tuple[int, int]


def save_changes(db: Database, rows: Iterable[ExecutionRow]) -> int:
    """How many of these changes were news; each of those is saved, in one transaction.

    A change is news when its execution is not known, or was in an earlier stage: fewer redrives, or not yet ended.
    """
    rows = list(rows)
    known = _known(db, [row.arn for row in rows])
    news: dict[str, ExecutionRow] = {}
    for row in rows:
        stage = _stage(row.redrives, row.status)
        if stage > known.get(row.arn, (-1, -1)):
            known[row.arn], news[row.arn] = stage, row
    save_executions(db, news.values())
    return len(news)


def _known(db: Database, arns: list[str]) -> dict[str, Stage]:
    rows = db.execute(
        "SELECT arn, redrives, status FROM executions WHERE arn IN (SELECT value FROM json_each(?))",
        [msgspec.json.encode(arns).decode()],
    )
    return {str(arn): _stage(int(redrives), str(status)) for arn, redrives, status in rows}


def _stage(redrives: int, status: str) -> Stage:
    return redrives, _STAGES.get(status, 1)
