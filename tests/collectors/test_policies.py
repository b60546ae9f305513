from __future__ import annotations

import pytest

from collectors.policies import partition_of, queue_arn, statements
from collectors.services import action_of
from collectors.sources import sources
from store.errors import MisuseError


def test_every_operation_that_a_source_declares_is_allowed_once() -> None:
    [reads] = statements()
    assert reads["Action"] == sorted(set(reads["Action"]))
    assert {action_of(operation) for source in sources() for operation in source.OPERATIONS} >= set(reads["Action"])
    assert reads["Resource"] == "*"


@pytest.mark.parametrize(
    ("url", "arn"),
    [
        ("https://sqs.eu-west-1.amazonaws.com/111122223333/q", "arn:aws:sqs:eu-west-1:111122223333:q"),
        ("https://sqs.cn-north-1.amazonaws.com.cn/111122223333/q", "arn:aws-cn:sqs:cn-north-1:111122223333:q"),
        (
            "https://sqs.us-gov-west-1.amazonaws.com/111122223333/q.fifo",
            "arn:aws-us-gov:sqs:us-gov-west-1:111122223333:q.fifo",
        ),
        ("https://sqs.eusc-de-east-1.amazonaws.eu/111122223333/q", "arn:aws-eusc:sqs:eusc-de-east-1:111122223333:q"),
        ("http://127.0.0.1:5000/111122223333/q", "arn:aws:sqs:*:111122223333:q"),
    ],
)
def test_a_queue_is_named_by_its_arn(url: str, arn: str) -> None:
    assert queue_arn(url) == arn


def test_what_is_no_queue_is_refused() -> None:
    with pytest.raises(MisuseError, match="is no URL of an SQS queue"):
        queue_arn("https://example.com/q")


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("ap-northeast-2", "aws"),
        ("us-east-1", "aws"),
        ("cn-northwest-1", "aws-cn"),
        ("us-gov-east-1", "aws-us-gov"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_a_region_belongs_to_one_partition(region: str, partition: str) -> None:
    assert partition_of(region) == partition
