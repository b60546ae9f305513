"""What Distributed Maps started: counts of the Map Runs that the histories name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collectors.listing import epoch_ms
from collectors.scope import Cover, Scope
from store.errors import AwsError, CredentialsError, RefusedError, UnreachableError
from store.executions import MapRunRow, save_map_runs
from store.queue import OpenMapRun, map_runs_to_describe

GONE = "ResourceNotFound"


def map_run_row(run: OpenMapRun, answer: dict[str, Any]) -> MapRunRow:
    """The row of an answer of DescribeMapRun. Children that are still pending have not been started."""
    children, items = answer["executionCounts"], answer["itemCounts"]
    return MapRunRow(
        arn=run.arn,
        execution_id=run.execution_id,
        status=str(answer["status"]),
        started_at=epoch_ms(answer.get("startDate")),
        stopped_at=epoch_ms(answer.get("stopDate")),
        children=int(children["total"]) - int(children.get("pending", 0)),
        items=int(items["total"]),
        items_failed=int(items.get("failed", 0)) + int(items.get("timedOut", 0)),
        redrives=max(run.redrives, int(answer.get("redriveCount") or 0)),
    )


def describe_map_runs(scope: Scope, covers: Mapping[int, Cover]) -> None:
    """Save the counts of each Map Run not described yet. One that AWS no longer knows keeps its counts unknown."""
    for run in map_runs_to_describe(scope.store.db, covers):
        try:
            save_map_runs(scope.store.db, [_described(scope, run)])
        except (CredentialsError, UnreachableError):
            raise
        except AwsError as error:
            covers[run.machine_id].refuse(error)


def _described(scope: Scope, run: OpenMapRun) -> MapRunRow:
    try:
        answer = scope.connection.api.call("DescribeMapRun", mapRunArn=run.arn)
    except RefusedError as error:
        if error.code != GONE:
            raise
        return MapRunRow(run.arn, run.execution_id, "UNKNOWN", None, None, None, None, None, run.redrives)
    return map_run_row(run, answer)
