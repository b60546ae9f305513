"""Products as the Price List has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def product(
    usage: str,
    *steps: tuple[str, str],
    region: str = "ap-northeast-2",
    location: str = "Asia Pacific (Seoul)",
    effective: str = "2025-07-01",
    currency: str = "USD",
    unit: str = "Whatever",
    sku: str = "ABC",
) -> dict[str, Any]:
    """A product with its terms; each step is where it begins and what it costs, both texts as AWS writes them."""
    dimensions = {
        f"{sku}.T.{index}": {
            "rateCode": f"{sku}.T.{index}",
            "unit": unit,
            "beginRange": begin,
            "endRange": "Inf",
            "description": "",
            "appliesTo": [],
            "pricePerUnit": {currency: price},
        }
        for index, (begin, price) in enumerate(steps)
    }
    term = {"sku": sku, "effectiveDate": f"{effective}T00:00:00Z", "termAttributes": {}, "priceDimensions": dimensions}
    attributes = {"servicecode": "AmazonStates", "location": location, "regionCode": region, "usagetype": usage}
    return {
        "product": {"productFamily": "AWS Step Functions", "sku": sku, "attributes": attributes},
        "serviceCode": "AmazonStates",
        "terms": {"OnDemand": {f"{sku}.T": term}},
        "version": "20260901",
        "publicationDate": "2026-09-01T00:00:00Z",
    }


SEOUL = product("APN2-StateTransition", ("0", "0.0000271000"), sku="S")
SEOUL_REQUESTS = product("APN2-StepFunctions-Request", ("0", "0.0000010000"), sku="R")
SEOUL_SECONDS = product(
    "APN2-StepFunctions-GB-Second",
    ("18000000", "0.0000045600"),
    ("0", "0.0000166700"),
    ("3600000", "0.0000083300"),
    sku="G",
)
FREE = product("Global-StateTransition", ("0", "0.0000000000"), region="", location="Any", sku="F")
TRAFFIC = product("APN2-DataTransfer-Out-Bytes", ("0", "0.1260000000"), sku="D")
EVERYTHING = (FREE, SEOUL, SEOUL_REQUESTS, SEOUL_SECONDS, TRAFFIC)


def bulk_file(*products: Mapping[str, Any]) -> dict[str, Any]:
    """The bulk file of these products."""
    by_sku = {one["product"]["sku"]: one for one in products}
    return {
        "formatVersion": "v1.0",
        "offerCode": "AmazonStates",
        "publicationDate": "2026-09-01T10:20:30Z",
        "products": {sku: one["product"] for sku, one in by_sku.items()},
        "terms": {"OnDemand": {sku: one["terms"]["OnDemand"] for sku, one in by_sku.items()}},
    }
