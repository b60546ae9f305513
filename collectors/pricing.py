"""What AWS sells Step Functions for, asked of the Price List API; it needs `pricing:GetProducts` and costs nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from collectors.connections import Connection
from collectors.sessions import Target
from store.errors import CutAnswerError

SERVICE = "AmazonStates"

HOMES = {"cn-": "cn-northwest-1", "": "us-east-1"}
"""Where the Price List API of a Region's partition answers, by the beginning of the Region's name (AWS General
Reference, "AWS Price List endpoints"); GovCloud's prices stand in the public partition's list."""

MOST_PRODUCTS = 100
"""The largest page that GetProducts gives (API reference, `MaxResults`)."""


def price_list(connect: Callable[[Target], Connection], target: Target, region: str | None = None) -> list[str]:
    """Each product of Step Functions as JSON text: those of one Region, or of all of the public partition.

    The target's own Region does not matter. Raises a `store.errors.AwsError`.
    """
    home = next(home for begin, home in HOMES.items() if (region or "").startswith(begin))
    connection = connect(replace(target, region=home))
    asked: dict[str, Any] = {"ServiceCode": SERVICE, "FormatVersion": "aws_v1", "MaxResults": MOST_PRODUCTS}
    if region:
        asked["Filters"] = [{"Type": "TERM_MATCH", "Field": "regionCode", "Value": region}]
    found: list[str] = []
    seen: set[str] = set()
    while True:
        answer = connection.api.call("GetProducts", **asked)
        found += answer["PriceList"]
        token = answer.get("NextToken")
        if not token:
            return found
        if token in seen:
            raise CutAnswerError("GetProducts gave the same NextToken twice", "", connection.name, "GetProducts")
        seen.add(token)
        asked["NextToken"] = token
