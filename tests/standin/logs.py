"""Execution logs in the shape that Step Functions writes to CloudWatch Logs."""

from __future__ import annotations

import json
import threading
from types import SimpleNamespace
from typing import Any

from moto.logs.models import logs_backends
from moto.stepfunctions.parser.asl.eval.event.logging import is_logging_enabled_for

from tests.standin.world import instant

WRITING = threading.Lock()
"""Its own lock: records are written while an execution's events are locked."""


class LogSession:
    """Writes each history event of one execution as a JSON line to the group of its machine."""

    def __init__(self, execution_arn: str, logging: dict[str, Any]) -> None:
        self.execution_arn = execution_arn
        self.configuration = SimpleNamespace(
            log_level=logging["level"], include_execution_data=logging.get("includeExecutionData", False)
        )
        arn = logging["destinations"][0]["cloudWatchLogsLogGroup"]["logGroupArn"].split(":")
        self.region, self.account, self.group = arn[3], arn[4], arn[6]
        self.stream = f"states/{execution_arn.split(':')[6]}"

    def log_level_filter(self, history_event_type: Any) -> bool:
        """Whether the machine's level logs events of this type."""
        return bool(is_logging_enabled_for(self.configuration.log_level, history_event_type))

    def publish_history_log(self, history_log: Any) -> None:
        """Appends one record; every scalar of it is text, as AWS has it."""
        ms = round(instant(history_log["event_timestamp"]).timestamp() * 1000)
        record = {"details": {}, **history_log, "event_timestamp": str(ms), "redrive_count": "0"}
        line = json.dumps(record, default=str, ensure_ascii=False)
        with WRITING:
            self._backend().put_log_events(self.group, self.stream, [{"timestamp": ms, "message": line}])

    def _backend(self) -> Any:
        backend = logs_backends[self.account][self.region]
        if self.group not in backend.groups:
            backend.create_log_group(self.group, {})
        if self.stream not in backend.groups[self.group].streams:
            backend.create_log_stream(self.group, self.stream)
        return backend


def put(body: dict[str, Any]) -> int:
    """Adds events of any age to a log group: `{"account", "region", "group", "events": [...]}`; the number added.

    An event has a timestamp and a message. Two streams take turns, as those of AWS do.
    """
    with WRITING:
        backend = logs_backends[body["account"]][body["region"]]
        if body["group"] not in backend.groups:
            backend.create_log_group(body["group"], {})
        group = backend.groups[body["group"]]
        for number, stream in enumerate(("states/a", "states/b")):
            if stream not in group.streams:
                backend.create_log_stream(body["group"], stream)
            group.streams[stream].put_log_events(body["events"][number::2])
    return len(body["events"])


def session_of(execution: Any) -> LogSession | None:
    """The session of an execution; None when its machine logs nothing."""
    logging = getattr(execution.state_machine, "loggingConfiguration", None) or {}
    if logging.get("level", "OFF") == "OFF":
        return None
    return LogSession(execution.exec_arn, logging)
