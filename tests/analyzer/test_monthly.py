"""The free tier and the tiers of Express enter once, in an account's month, and are shared out without a remainder."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.monthly import Bill, Use, monthly_bills
from analyzer.prices import bundled_prices

BOOK = bundled_prices()
DAY = date(2026, 10, 5)
CENT = Fraction("0.01")


def use(machine: str = "orders", transitions: int = 0, region: str = "us-east-1", **more: Any) -> Use:
    fields: dict[str, Any] = {"type": "STANDARD", "day": DAY, "account": "1", "executions": 1} | more
    return Use(machine=machine, region=region, transitions=transitions, **fields)


def express(gb_seconds: object, executions: int = 0, machine: str = "ticker", **more: Any) -> Use:
    return use(machine, type="EXPRESS", gb_seconds=Fraction(str(gb_seconds)), executions=executions, **more)


def bills(*uses: Use) -> list[Bill]:
    return monthly_bills(uses, BOOK)


def costs(*uses: Use) -> list[float]:
    return [float(bill.cost or 0) for bill in bills(*uses)]


def test_the_4001st_transition_is_the_first_that_costs() -> None:
    assert costs(use(transitions=4_000)) == [0]
    assert costs(use(transitions=4_001)) == [0.000025]


def test_the_free_tier_is_shared_by_what_machines_cost_over_all_regions() -> None:
    found = bills(use("a", 30_000), use("b", 10_000, "ap-northeast-2"))
    assert [float(bill.free_tier) for bill in found] == pytest.approx([0.0271, 0.075])
    assert [bill.owner.machine for bill in found] == ["b", "a"]


def test_a_month_and_an_account_have_a_free_tier_of_their_own() -> None:
    found = costs(
        use(transitions=4_000), use(transitions=4_000, day=date(2026, 11, 1)), use(transitions=4_000, account="2")
    )
    assert found == [0, 0, 0]


def test_the_edge_of_a_month_is_midnight_in_utc() -> None:
    found = bills(use(transitions=1, day=date(2026, 10, 31)), use(transitions=1, day=date(2026, 11, 1)))
    assert [bill.owner.month for bill in found] == ["2026-10", "2026-11"]


@pytest.mark.parametrize(
    ("gb_seconds", "usd"),
    [
        (3_600_000, "60.012"),
        (3_600_001, "60.01200833"),
        (18_000_000, "179.964"),
        (18_000_001, "179.96400456"),
        (62_500_000, "382.884"),
    ],
)
def test_the_tiers_have_their_edges_where_aws_has_them(gb_seconds: int, usd: str) -> None:
    [bill] = bills(express(gb_seconds))
    assert bill.cost == Fraction(usd)


def test_the_tiers_are_those_of_the_account_in_a_region_and_shared_by_gb_seconds() -> None:
    big, small = bills(express(6_000_000, machine="big"), express(2_000_000, machine="small"))
    # 3.6 M at the first price, 4.4 M at the second, which is 0.00000834 less.
    assert (big.tiers + small.tiers, big.tiers) == (Fraction("36.696"), Fraction("27.522"))
    [alone] = bills(express(2_000_000, machine="small"))
    assert alone.tiers == 0


def test_what_has_no_price_has_no_part_in_the_free_tier() -> None:
    unknown, known = bills(use("a", 5_000), use("b", 5_000, "mars-1"))
    assert (known.cost, unknown.cost) == (Fraction("0.025"), None)
    assert "mars-1" in unknown.note


def test_a_quantity_above_what_a_source_knows_has_no_price() -> None:
    [bill] = bills(express(3_600_001, region="sa-east-1"))
    assert bill.cost is None
    assert "above 3,600,000" in bill.note


uses = st.lists(
    st.builds(
        use,
        machine=st.sampled_from("abc"),
        transitions=st.integers(0, 10_000),
        region=st.sampled_from(["us-east-1", "ap-northeast-2"]),
        day=st.sampled_from([date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31)]),
        account=st.sampled_from("12"),
    )
    | st.builds(
        express,
        gb_seconds=st.integers(0, 30_000_000).map(lambda chunks: Fraction(chunks, 160)),
        executions=st.integers(0, 10**6),
        machine=st.sampled_from("de"),
        day=st.sampled_from([date(2026, 10, 1), date(2026, 10, 31)]),
    ),
    max_size=8,
)


def listed(found: list[Bill]) -> Fraction:
    return sum((bill.listed or Fraction(0) for bill in found), Fraction(0))


@given(uses, uses)
def test_the_list_price_is_additive_over_any_partition(some: list[Use], others: list[Use]) -> None:
    assert listed(bills(*some, *others)) == listed(bills(*some)) + listed(bills(*others))


@given(uses, uses)
def test_more_use_never_costs_less(some: list[Use], others: list[Use]) -> None:
    before = sum(bill.cost or 0 for bill in bills(*some))
    assert sum(bill.cost or 0 for bill in bills(*some, *others)) >= before


@given(uses)
def test_what_is_taken_off_is_taken_once(some: list[Use]) -> None:
    found = bills(*some)
    for month, account in {bill.owner[:2] for bill in found}:
        standard = [b for b in found if b.owner[:2] == (month, account) and b.owner.type == "STANDARD"]
        made = sum(bill.transitions for bill in standard)
        share = Fraction(min(made, 4_000), made) if made else 0
        assert sum(bill.free_tier for bill in standard) == listed(standard) * share
    assert all(bill.cost is not None and bill.cost >= 0 for bill in found)


@given(uses)
def test_machines_together_pay_the_tiers_of_their_region(some: list[Use]) -> None:
    only_express = [one for one in some if one.type == "EXPRESS"]
    together = [one._replace(machine="all") for one in only_express]
    assert sum(bill.tiers for bill in bills(*only_express)) == sum(bill.tiers for bill in bills(*together))
