"""What AWS sells Step Functions for, asked of the Price List API; it needs `pricing:GetProducts` and costs nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from collectors.refusals import typed
from collectors.sessions import Target, session_of
from store.errors import CutAnswerError

SERVICE = "AmazonStates"

HOMES = {"cn-": "cn-northwest-1", "": "us-east-1"}
"""Where the Price List API of a Region's partition answers, by the beginning of the Region's name (AWS General Reference,
"AWS Price List endpoints"); GovCloud's prices are in the public partition's list."""

MOST_PRODUCTS = 100
"""The largest page that GetProducts gives (API reference, `MaxResults`)."""


def price_list(target: Target, region: str | None = None) -> list[str]:
    """Each product of Step Functions as JSON text: those of one Region, or of all of the public partition.

    The target's own Region does not matter. Raises a `store.errors.AwsError`; `CutAnswerError` for an answer that is
    not whole.
    """
    asked: dict[str, Any] = {"ServiceCode": SERVICE, "FormatVersion": "aws_v1", "MaxResults": MOST_PRODUCTS}
    if region:
        asked["Filters"] = [{"Type": "TERM_MATCH", "Field": "regionCode", "Value": region}]
    client = _client(target, region or "")
    found: list[str] = []
    while True:
        answer = _answer(client, asked, target.name)
        found += answer["PriceList"]
        if not answer.get("NextToken"):
            return found
        asked["NextToken"] = answer["NextToken"]


def _answer(client: Any, asked: dict[str, Any], name: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = client.get_products(**asked)
    except (BotoCoreError, ClientError) as error:
        raise typed(error, name, "GetProducts", "pricing") from error
    if "PriceList" not in answer:
        raise CutAnswerError("an answer to GetProducts was cut short", "Run it again.", name, "GetProducts")
    return answer


def _client(target: Target, region: str) -> Any:
    home = next(home for begin, home in HOMES.items() if region.startswith(begin))
    session = session_of(replace(target, region=home))
    config = Config(retries={"mode": "standard", "max_attempts": 5}, user_agent_extra="stepscope")
    client: Any = session.client("pricing", endpoint_url=target.endpoint_url, config=config)
    return client
