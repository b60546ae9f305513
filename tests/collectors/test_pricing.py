from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from collectors.aws import Connector
from collectors.connections import Connection, Meter
from collectors.pricing import price_list
from collectors.sessions import Target
from store.errors import CutAnswerError
from tests.analyzer.offers import EVERYTHING, SEOUL, product
from tests.standin.handle import Standin


def usage_types(answers: Sequence[str]) -> list[str]:
    return [json.loads(text)["product"]["attributes"]["usagetype"] for text in answers]


def test_every_page_is_read_over_the_wire(standin: Standin) -> None:
    standin.sell(EVERYTHING, page=2)
    found = price_list(Connector(), Target(endpoint_url=standin.endpoint))
    assert usage_types(found) == [one["product"]["attributes"]["usagetype"] for one in EVERYTHING]
    assert standin.asked() == {"GetProducts": 3}


def test_one_region_is_asked_for_by_its_code(standin: Standin) -> None:
    standin.sell([SEOUL, product("SAE1-StateTransition", ("0", "1"), region="sa-east-1")])
    found = price_list(Connector(), Target(endpoint_url=standin.endpoint), "sa-east-1")
    assert usage_types(found) == ["SAE1-StateTransition"]


class Answering:
    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer = answer

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return self.answer


@pytest.mark.parametrize(
    ("region", "home"), [(None, "us-east-1"), ("eu-west-1", "us-east-1"), ("cn-north-1", "cn-northwest-1")]
)
def test_a_partition_is_asked_at_its_home(region: str | None, home: str) -> None:
    asked: list[Target] = []

    def connect(target: Target) -> Connection:
        asked.append(target)
        return Connection(target.name, Answering({"PriceList": []}), Meter())

    assert price_list(connect, Target("sa-east-1", "reader"), region) == []
    assert asked == [Target(home, "reader")]


def test_a_list_that_never_ends_is_noticed() -> None:
    answer = {"PriceList": [], "NextToken": "again"}
    with pytest.raises(CutAnswerError, match="same NextToken"):
        price_list(lambda target: Connection("t", Answering(answer), Meter()), Target())
