"""What a person decided about issues."""

from __future__ import annotations

from store.records.record import Record
from store.schema import COUNT, LABEL, Column

RECORD = Record(
    table="issue_marks",
    columns=(
        Column("issue", LABEL, "id of the issue"),
        Column("mark", LABEL, "muted or resolved"),
        Column("until_executions", COUNT, "how many more executions open a muted issue again; empty when none do"),
        Column("marked_at", COUNT, "when it was marked", is_time=True),
    ),
    select="SELECT issue, mark, until_executions, marked_at FROM issue_marks ORDER BY issue",
)
