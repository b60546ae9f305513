"""The two fact tables: every column with its type and its meaning.

Times are integer milliseconds since 1970 UTC, durations integer milliseconds: no engine then disagrees about
types or time zones. They become ISO 8601 text where they leave (`store.exports`) and nowhere else.
"""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa


class Column(NamedTuple):
    """A column of a table: its name, its Arrow type and what a cell of it says."""

    name: str
    type: pa.DataType
    meaning: str
    is_time: bool = False
    exported: bool = True


TEXT = pa.string()
LABEL = pa.string()
COUNT = pa.int64()
SMALL = pa.int32()
MONEY = pa.float64()
NUMBER = pa.float64()
FLAG = pa.bool_()


def _time(name: str, meaning: str) -> Column:
    return Column(name, pa.int64(), meaning, is_time=True)


EXECUTIONS: tuple[Column, ...] = (
    Column("execution_arn", TEXT, "the execution; `file:<machine>:<name>` when the source gave no ARN"),
    Column("machine", LABEL, "name of the state machine"),
    Column("region", LABEL, "AWS Region; empty when the source does not say"),
    Column("account", LABEL, "AWS account; empty when the source does not say"),
    Column("type", LABEL, "STANDARD or EXPRESS"),
    Column("revision", LABEL, "revision of the definition that ran; ends in `?` when inferred from its start"),
    Column("version", LABEL, "published version the execution was started with"),
    Column("alias", LABEL, "alias the execution was started with"),
    Column("status", LABEL, "RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED, PENDING_REDRIVE or UNKNOWN"),
    _time("started_at", "when it started"),
    _time("stopped_at", "when it last stopped"),
    Column("duration_ms", COUNT, "running time, without the idle time before a redrive"),
    Column("events", COUNT, "events in its history"),
    Column("state_entries", COUNT, "`*StateEntered` events"),
    Column("attempts", COUNT, "tries of states; the `(redrive)` rows are not counted"),
    Column("retries", COUNT, "attempts after the first of their visit"),
    Column("redrives", COUNT, "times the execution was redriven"),
    Column("map_iterations", COUNT, "iterations started by inline Maps"),
    Column("transitions", COUNT, "billable state transitions: attempts + redrives + children of Distributed Maps"),
    Column("transitions_max", COUNT, "the same, should AWS also bill the start of an execution"),
    Column("cost_usd", MONEY, "list price before the free tier"),
    Column("cost_note", LABEL, "the rule and price behind the cost, or why it is empty"),
    Column("root_state", LABEL, "state whose failure began it all"),
    Column("terminal_state", LABEL, "innermost state whose failure ended the run"),
    Column("last_state", LABEL, "innermost state still open when it timed out, was aborted, or was last seen"),
    Column("error", LABEL, "the execution's own error; `States.Timeout` when it timed out as a whole"),
    Column("caught", COUNT, "failures caught: `*StateExited` events that follow a failure"),
    Column("tolerated_items", COUNT, "failed items that a Distributed Map tolerated"),
    Column("masked_failure", FLAG, "it SUCCEEDED although something was caught or tolerated"),
    Column(
        "completeness",
        LABEL,
        "complete, running, cut, gap, masked, children_unknown; or why there is no history: sampled, expired, denied,"
        " unreadable, pruned, missing",
    ),
    Column("execution_id", COUNT, "number of the execution in the store: what counts and joins", exported=False),
    Column(
        "critical_queue_ms", COUNT, "of its duration on the critical path: waiting for work to begin", exported=False
    ),
    Column("critical_run_ms", COUNT, "the same: working", exported=False),
    Column("critical_external_ms", COUNT, "the same: jobs, callbacks, activities, children of Maps", exported=False),
    Column("critical_wait_ms", COUNT, "the same: in Wait states", exported=False),
    Column("critical_backoff_ms", COUNT, "the same: before retries", exported=False),
    Column("variant", LABEL, "the way it took: its states in order, loops folded, branches sorted", exported=False),
)

ATTEMPTS: tuple[Column, ...] = (
    Column("execution_arn", TEXT, "the execution"),
    Column("machine", LABEL, "name of the state machine"),
    Column("region", LABEL, "AWS Region"),
    Column("revision", LABEL, "revision of the definition that ran"),
    Column("state", LABEL, "name of the state; `(redrive)` for the transition that a redrive itself is"),
    Column("state_type", LABEL, "Task, Choice, Pass, Wait, Parallel, Map, Succeed or Fail"),
    Column("event_id", SMALL, "id of the event that opened this try; the key, with execution_arn"),
    Column("visit_id", SMALL, "id of the event that opened the visit"),
    Column("parent_id", SMALL, "event_id of the enclosing container attempt; empty at top level"),
    Column("after_id", SMALL, "visit_id of the state before it in the same branch; empty for a first state"),
    Column("branch", SMALL, "index of the Parallel branch"),
    Column("iteration", LABEL, "inline Map indexes, outermost first: `3` or `3/0`"),
    Column("path", LABEL, "container states around it, outermost first, joined by `/`"),
    Column("visit", SMALL, "1.. per execution and state, in event order"),
    Column("attempt", SMALL, "1.. per visit; 2 and later are retries"),
    Column("redrive", SMALL, "0 in the first run, n after the n-th redrive"),
    Column("resource", LABEL, "integration, such as `lambda:invoke`"),
    Column("target", LABEL, "function, queue, machine or table, where the event or a literal names it"),
    Column("pattern", LABEL, "request, sync, callback or activity"),
    _time("entered_at", "when the visit was entered"),
    _time("scheduled_at", "when this try was scheduled"),
    _time("started_at", "when its work started"),
    _time("submitted_at", "when the called service accepted it"),
    _time("ended_at", "when this try ended"),
    _time("exited_at", "when the visit was left, on its last attempt"),
    Column("outcome", LABEL, "succeeded, failed, timed_out, aborted or running"),
    Column("handled", LABEL, "what became of a failure: retried, caught or uncaught; empty while not decided"),
    Column("handled_by", LABEL, "the state whose Retry or Catch handled it"),
    Column("error", LABEL, "error name"),
    Column("queue_ms", COUNT, "from scheduled to started"),
    Column("run_ms", COUNT, "from started (or entered) to ended"),
    Column("backoff_ms", COUNT, "wait between the failed try before and this one"),
    Column("transitions", COUNT, "billable state transitions of this row"),
    Column("cost_usd", MONEY, "list price of those transitions before the free tier"),
    # What filters and analyses need of the execution, so that no question joins two big tables on a text.
    Column("execution_started_at", pa.int64(), "when the execution started", is_time=True, exported=False),
    Column("execution_status", LABEL, "status of the execution", exported=False),
    Column("execution_id", COUNT, "number of the execution in the store: what counts and joins", exported=False),
    Column("account", LABEL, "AWS account; empty when the source does not say", exported=False),
    Column("type", LABEL, "STANDARD or EXPRESS", exported=False),
    Column("completeness", LABEL, "completeness of the execution", exported=False),
    Column("visit_error", LABEL, "error of the visit's first try; empty when that did not fail", exported=False),
    Column("cause", LABEL, "cause of its failure, what differs from run to run masked", exported=False),
    Column("after_state", LABEL, "the state before it in the same branch; empty for a first state", exported=False),
    Column("place", LABEL, "machine, region, account, state and state_type in one, as JSON: see PLACE", exported=False),
    Column("is_eventful", FLAG, "anything but a first try that succeeded; such rows lie together", exported=False),
    Column("is_root", FLAG, "this attempt is the root failure of its execution", exported=False),
    Column("is_terminal", FLAG, "this attempt is the failure that ended its execution", exported=False),
    Column("is_critical", FLAG, "it is on the critical path of its execution", exported=False),
    Column("holds_states", FLAG, "an attempt of a container in which states were entered", exported=False),
)

PLACE = ("machine", "region", "account", "state", "state_type")
"""What `place` says of an attempt: to count by one column takes a quarter of the time that counting by five does."""

TABLES: dict[str, tuple[Column, ...]] = {"executions": EXECUTIONS, "attempts": ATTEMPTS}


def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of a fact table, in column order."""
    return pa.schema([(column.name, column.type) for column in TABLES[table]])
