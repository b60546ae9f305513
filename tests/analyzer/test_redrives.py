from __future__ import annotations

import shlex

import pandas as pd
import pytest

from analyzer.redrives import redrive_command, redrive_until
from tests.analyzer.rows import DAY, OCTOBER, Row

ENDED: Row = {
    "type": "STANDARD",
    "status": "FAILED",
    "execution_arn": "arn:aws:states:us-east-1:1:execution:orders:1",
    "events": 9,
    "stopped_at": OCTOBER,
}


def until(now_ms: int, **other: object) -> list[int | None]:
    frame = pd.DataFrame([{**ENDED, **other}]).astype({"stopped_at": "Int64", "events": "Int64"})
    return [None if pd.isna(cell) else int(cell) for cell in redrive_until(frame, now_ms)]


def test_a_failed_execution_can_be_redriven_for_14_days() -> None:
    assert until(OCTOBER + DAY) == [OCTOBER + 14 * DAY]
    assert until(OCTOBER + 14 * DAY) == [None]


@pytest.mark.parametrize(
    "other",
    [
        {"type": "EXPRESS"},
        {"status": "SUCCEEDED"},
        {"status": "RUNNING", "stopped_at": pd.NA},
        {"execution_arn": "file:orders:1"},
        {"events": 25_000},
    ],
)
def test_what_aws_does_not_redrive_has_no_time(other: Row) -> None:
    assert until(OCTOBER + DAY, **other) == [None]


def test_the_command_is_that_of_the_aws_cli_in_the_executions_region() -> None:
    arn = "arn:aws-cn:states:cn-north-1:1:execution:orders:a'b"
    words = shlex.split(redrive_command(arn))
    assert words == ["aws", "stepfunctions", "redrive-execution", "--execution-arn", arn, "--region", "cn-north-1"]
