from __future__ import annotations

from typing import Any

import pytest

from collectors.aws import Connector
from collectors.billing import usage_of
from collectors.connections import Connection, Meter
from collectors.sessions import Target
from store.billing import BillingLine, DaySpan
from store.errors import CutAnswerError
from tests.standin.handle import Standin

OCTOBER_1 = 20_727


def test_quantities_come_by_day_region_and_usage_type(standin: Standin) -> None:
    usage = {"region": "us-east-1", "usage_type": "USE1-StateTransition", "quantity": 120.5}
    standin.bill([{**usage, "day": "2026-10-01"}, {**usage, "day": "2026-10-03"}])
    span = DaySpan(OCTOBER_1, OCTOBER_1 + 2)
    found = usage_of(Connector(), Target(endpoint_url=standin.endpoint), "", span)
    assert found.lines == [BillingLine(OCTOBER_1, "us-east-1", "USE1-StateTransition", 120.5)]
    assert (found.final, found.calls) == ([OCTOBER_1], 1)


class Answering:
    def __init__(self, *answers: dict[str, Any]) -> None:
        self.answers, self.asked = list(answers), list[dict[str, Any]]()

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        self.asked.append(parameters)
        return self.answers.pop(0)


def test_every_page_is_read_and_counted() -> None:
    api = Answering({"ResultsByTime": [], "NextPageToken": "2"}, {"ResultsByTime": []})
    found = usage_of(lambda target: Connection(target.name, api, Meter()), Target(), "111122223333", DaySpan(0, 1))
    assert found.calls == 2
    assert api.asked[0]["TimePeriod"] == {"Start": "1970-01-01", "End": "1970-01-02"}
    assert "111122223333" in str(api.asked[0]["Filter"])


def test_an_answer_that_never_ends_is_noticed() -> None:
    api = Answering(*[{"ResultsByTime": [], "NextPageToken": "again"}] * 2)
    with pytest.raises(CutAnswerError):
        usage_of(lambda target: Connection(target.name, api, Meter()), Target(), "", DaySpan(0, 1))
