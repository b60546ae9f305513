from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from analyzer.charges import Tariff, charge_of
from analyzer.prices import bundled_prices
from analyzer.rows import ExecutionRow
from store.machines import Machine

TARIFF = Tariff(bundled_prices())
AUTUMN_2026_MS = 1_794_000_000_000
AUTUMN_2026 = datetime.fromtimestamp(AUTUMN_2026_MS / 1000, UTC).date()
SPRING_2019_MS = 1_550_594_346_423


def machine(region: str | None = "ap-northeast-2", kind: str = "STANDARD") -> Machine:
    return Machine(1, "arn:1", "m", kind, region, "123456789012")


def row(**given: object) -> ExecutionRow:
    cells = dict.fromkeys(ExecutionRow._fields) | {"started_at": AUTUMN_2026_MS, "transitions": 4, **given}
    return ExecutionRow(**cells)  # type: ignore[arg-type]


def test_a_standard_execution_costs_its_transitions() -> None:
    price = bundled_prices().price("ap-northeast-2", "standard_transition", AUTUMN_2026).price
    charge = charge_of(TARIFF, machine(), row())
    assert charge.cost == float(4 * price)
    assert charge.per_transition == float(price)
    assert "checked" in charge.note


def test_an_express_execution_costs_its_request_and_its_duration_in_whole_steps() -> None:
    book = bundled_prices()
    request = book.price("us-east-1", "express_request", AUTUMN_2026).price
    second = book.price("us-east-1", "express_gb_second", AUTUMN_2026).price
    charge = charge_of(TARIFF, machine("us-east-1", "EXPRESS"), row(duration_ms=101, transitions=0))
    assert charge.cost == pytest.approx(float(request + second * Decimal(2) / 160), abs=1e-15)
    assert charge.per_transition is None
    assert "64 MB assumed" in charge.note


@pytest.mark.parametrize(
    ("of", "given", "reason"),
    [
        (machine(None), {}, "which Region"),
        (machine(), {"started_at": None}, "when it ran"),
        (machine(), {"started_at": SPRING_2019_MS}, "ap-northeast-2 on 2019-02-19"),
        (machine("eu-sovereign-9"), {}, "eu-sovereign-9"),
        (machine(), {"transitions": None}, "no count of transitions"),
        (machine("us-east-1", "EXPRESS"), {"duration_ms": None}, "how long it ran"),
        (machine("eu-sovereign-9", "EXPRESS"), {"duration_ms": 5}, "eu-sovereign-9"),
    ],
)
def test_a_cost_that_is_not_known_is_empty_and_says_why(of: Machine, given: dict[str, object], reason: str) -> None:
    charge = charge_of(TARIFF, of, row(**given))
    assert charge.cost is None
    assert charge.note.startswith("cost unknown: ")
    assert reason in charge.note
