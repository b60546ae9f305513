"""The replay answers as AWS would: pages, filters, refusals, the revision that ran."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from collectors.api import Api
from collectors.pages import NEEDED, is_whole, pages
from collectors.replay import Replay, replay
from collectors.services import ANSWERED_BY
from store.errors import AwsError, ExpiredHistoryError, ListingExpiredError, MisuseError, RefusedError

SAMPLE = Path(__file__).parents[2] / "sample_data"
MACHINE = "arn:aws:states:us-east-1:123456789012:stateMachine:"


@pytest.fixture(scope="module")
def sample() -> Replay:
    return replay(SAMPLE)


def rows(api: Api, machine: str, **asked: Any) -> list[dict[str, Any]]:
    found = pages(api, "ListExecutions", "executions", stateMachineArn=MACHINE + machine, **asked)
    return [row for page in found for row in page]


def one_of(api: Api, machine: str, **asked: Any) -> str:
    return str(rows(api, machine, **asked)[0]["executionArn"])


ALIASES = {"ListStateMachineAliases", "DescribeStateMachineAlias"}
NOT_RECORDED = set(ANSWERED_BY) - {"FilterLogEvents"} | ALIASES
LAST = 4_000_000_000_000


def answers(api: Api) -> Iterator[tuple[str, dict[str, Any]]]:
    """One answer of each operation."""
    arn = one_of(api, "photo-rebuild")
    yield "ListStateMachines", api.call("ListStateMachines")
    yield "DescribeStateMachine", api.call("DescribeStateMachine", stateMachineArn=MACHINE + "settlement")
    yield "ListExecutions", api.call("ListExecutions", stateMachineArn=MACHINE + "settlement")
    yield "ListStateMachineVersions", api.call("ListStateMachineVersions", stateMachineArn=MACHINE + "settlement")
    yield "ListTagsForResource", api.call("ListTagsForResource", resourceArn=MACHINE + "settlement")
    yield "FilterLogEvents", api.call("FilterLogEvents", logGroupName="/x/checkout-api", startTime=0, endTime=LAST)
    yield "ListMapRuns", (runs := api.call("ListMapRuns", executionArn=arn))
    yield "DescribeMapRun", api.call("DescribeMapRun", mapRunArn=runs["mapRuns"][0]["mapRunArn"])
    for operation in ("DescribeExecution", "GetExecutionHistory", "DescribeStateMachineForExecution"):
        yield operation, api.call(operation, executionArn=arn)


def test_every_answer_is_whole(sample: Replay) -> None:
    found = dict(answers(sample))
    assert set(found) == set(NEEDED) - NOT_RECORDED
    assert [operation for operation, answer in found.items() if not is_whole(operation, answer)] == []


def test_pages_are_as_long_as_asked(sample: Replay) -> None:
    sizes = [
        len(page) for page in pages(sample, "ListExecutions", "executions", stateMachineArn=MACHINE + "settlement")
    ]
    assert sum(sizes) == 60
    small = list(pages(sample, "ListExecutions", "executions", stateMachineArn=MACHINE + "settlement", maxResults=25))
    assert [len(page) for page in small] == [25, 25, 10]
    assert len({row["executionArn"] for page in small for row in page}) == 60
    assert len(sample.call("ListExecutions", stateMachineArn=MACHINE + "order-processing")["executions"]) == 100


def test_the_listing_has_running_executions_first_and_then_the_latest_stop(sample: Replay) -> None:
    found = rows(sample, "refund-approval")
    running = [row for row in found if row["status"] == "RUNNING"]
    assert found[: len(running)] == running != []
    stops = [row["stopDate"] for row in found[len(running) :]]
    assert stops == sorted(stops, reverse=True)


def test_filters_hold(sample: Replay) -> None:
    everything = rows(sample, "order-processing")
    by_status = [rows(sample, "order-processing", statusFilter=status) for status in ("SUCCEEDED", "FAILED")]
    assert sum(map(len, by_status)) == len(everything)
    assert {row["status"] for row in by_status[1]} == {"FAILED"}
    assert rows(sample, "order-processing", redriveFilter="REDRIVEN") == []


def test_a_version_lists_its_own_executions(sample: Replay) -> None:
    versions = sample.call("ListStateMachineVersions", stateMachineArn=MACHINE + "order-processing")
    arns = [one["stateMachineVersionArn"] for one in versions["stateMachineVersions"]]
    assert arns == [f"{MACHINE}order-processing:{number}" for number in (3, 2, 1)]
    counts = [len(rows(sample, arn.removeprefix(MACHINE))) for arn in arns]
    assert all(counts)
    assert sum(counts) == len(rows(sample, "order-processing")) == len(rows(sample, "order-processing:live"))


def test_the_revision_that_ran_is_not_the_one_of_today(sample: Replay) -> None:
    arn = one_of(sample, "order-processing:2")
    ran = sample.call("DescribeStateMachineForExecution", executionArn=arn)
    version = sample.call("DescribeStateMachine", stateMachineArn=MACHINE + "order-processing:2")
    today = sample.call("DescribeStateMachine", stateMachineArn=MACHINE + "order-processing")
    assert ran["definition"] == version["definition"] != today["definition"]
    assert ran["revisionId"] == version["revisionId"] != today["revisionId"]
    assert ran["updateDate"] <= sample.call("DescribeExecution", executionArn=arn)["startDate"]
    first = sample.call("DescribeStateMachine", stateMachineArn=MACHINE + "order-processing:1")
    assert "revisionId" not in first


def test_a_history_is_read_from_either_end(sample: Replay) -> None:
    arn = one_of(sample, "catalog-import")
    forwards = list(pages(sample, "GetExecutionHistory", "events", executionArn=arn, maxResults=30))
    backwards = sample.call("GetExecutionHistory", executionArn=arn, maxResults=1000, reverseOrder=True)["events"]
    assert [event for page in forwards for event in page] == backwards[::-1]


def test_tags_are_answered(sample: Replay) -> None:
    tags = sample.call("ListTagsForResource", resourceArn=MACHINE + "image-pipeline")["tags"]
    assert tags == [{"key": "team", "value": "media"}]


def test_express_machines_are_refused_as_aws_refuses_them(sample: Replay) -> None:
    with pytest.raises(RefusedError) as refused:
        rows(sample, "checkout-api")
    assert refused.value.code == "StateMachineTypeNotSupported"
    with pytest.raises(RefusedError) as refused:
        sample.call("GetExecutionHistory", executionArn="arn:aws:states:us-east-1:1:express:checkout-api:a:b")
    assert refused.value.code == "InvalidArn"


@pytest.mark.parametrize(
    ("operation", "asked", "error"),
    [
        ("DescribeExecution", {"executionArn": "arn:aws:states:x:1:execution:m:gone"}, ExpiredHistoryError),
        ("DescribeStateMachine", {"stateMachineArn": MACHINE + "nobody"}, RefusedError),
        ("DescribeStateMachine", {"stateMachineArn": MACHINE + "order-processing:4"}, RefusedError),
        ("DescribeMapRun", {"mapRunArn": "arn:aws:states:x:1:mapRun:m/l:gone"}, RefusedError),
        ("ListStateMachines", {"maxResults": 1_001}, RefusedError),
        ("ListStateMachines", {"nextToken": "made up"}, ListingExpiredError),
        ("RedriveExecution", {"executionArn": "arn"}, RefusedError),
    ],
)
def test_what_was_not_recorded_is_refused(
    sample: Replay, operation: str, asked: dict[str, Any], error: type[AwsError]
) -> None:
    with pytest.raises(error) as refused:
        sample.call(operation, **asked)
    assert refused.value.target == "the sample data"


def test_dates_move_by_whole_days_only(sample: Replay) -> None:
    moved = replay(SAMPLE, date(2031, 7, 4))
    shift = timedelta(days=moved.about.shifted_days)
    before, after = rows(sample, "image-pipeline"), rows(moved, "image-pipeline")
    assert [row["executionArn"] for row in before] == [row["executionArn"] for row in after]
    assert all(new["startDate"] - old["startDate"] == shift for old, new in zip(before, after, strict=True))
    arn = before[0]["executionArn"]
    events = [api.call("GetExecutionHistory", executionArn=arn)["events"] for api in (sample, moved)]
    assert all(new["timestamp"] - old["timestamp"] == shift for old, new in zip(*events, strict=True))
    assert all(new == {**old, "timestamp": new["timestamp"]} for old, new in zip(*events, strict=True))


def test_the_last_run_is_on_the_day_before() -> None:
    moved = replay(SAMPLE, date(2024, 2, 29))
    machines = [one for one in moved.call("ListStateMachines")["stateMachines"] if one["type"] == "STANDARD"]
    starts = [row["startDate"] for one in machines for row in rows(moved, one["name"])]
    assert max(starts).date() == moved.about.last_day == date(2024, 2, 28)
    assert min(starts).date() == moved.about.first_day == date(2024, 1, 30)


def test_it_answers_the_same_every_time(sample: Replay) -> None:
    again = replay(SAMPLE)
    assert list(sample.log_lines()) == list(again.log_lines())
    assert list(answers(sample)) == list(answers(again))


def test_a_folder_without_recordings_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(MisuseError):
        replay(tmp_path)
