"""The billing side of AWS: the Price List API and Cost Explorer, which answer what a test has set."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

TARGETS = {"AWSPriceListService.GetProducts", "AWSInsightsIndexService.GetCostAndUsage"}


class Sales:
    """What is sold and what was used, and how often was asked."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.products: list[Any] = []
        self.page_size = 100
        self.usage: list[dict[str, Any]] = []
        self.asked: Counter[str] = Counter()

    def sell(self, body: dict[str, Any]) -> int:
        """Sets the products, and how many of them a page has; how many there are."""
        self.products, self.page_size = body["products"], int(body.get("page", 100))
        return len(self.products)

    def bill(self, body: dict[str, Any]) -> int:
        """Sets the usage: rows of day, region, usage_type, quantity."""
        self.usage = body["usage"]
        return len(self.usage)

    def answer(self, target: str, body: dict[str, Any]) -> dict[str, Any]:
        self.asked[target.rpartition(".")[2]] += 1
        return self._products(body) if target.endswith("GetProducts") else self._usage(body)

    def _products(self, body: dict[str, Any]) -> dict[str, Any]:
        wanted = [one["Value"] for one in body.get("Filters", []) if one["Field"] == "regionCode"]
        known = [p for p in self.products if not wanted or p["product"]["attributes"].get("regionCode") in wanted]
        known = known if body["ServiceCode"] == "AmazonStates" else []
        begin = int(body.get("NextToken", 0))
        page = known[begin : begin + self.page_size]
        more = {"NextToken": str(begin + self.page_size)} if begin + self.page_size < len(known) else {}
        return {"FormatVersion": "aws_v1", "PriceList": [json.dumps(one) for one in page], **more}

    def _usage(self, body: dict[str, Any]) -> dict[str, Any]:
        period = body["TimePeriod"]
        rows = [row for row in self.usage if period["Start"] <= row["day"] < period["End"]]
        days = [_day(day, [row for row in rows if row["day"] == day]) for day in sorted({row["day"] for row in rows})]
        return {"GroupDefinitions": body.get("GroupBy", []), "ResultsByTime": days}


def _day(day: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    groups = [
        {
            "Keys": [row["region"], row["usage_type"]],
            "Metrics": {"UsageQuantity": {"Amount": str(row["quantity"]), "Unit": "N/A"}},
        }
        for row in rows
    ]
    return {"TimePeriod": {"Start": day, "End": day}, "Total": {}, "Groups": groups, "Estimated": False}


SALES = Sales()
