"""Prices are dated data with a source, and stand nowhere else."""

from __future__ import annotations

import ast
import json
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.prices import NAMES, UNITS, Dimension, Price, PriceBook, Tier, bundled_prices, disputed_prices, prices_of
from store.errors import PriceUnknownError, StepscopeError
from tests.source import project_files, syntax, text

DAY = date(2026, 11, 20)
STANDARD_REGIONS = set(
    """af-south-1 ap-east-1 ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ca-central-1
    eu-central-1 eu-north-1 eu-south-1 eu-west-1 eu-west-2 eu-west-3 me-south-1 sa-east-1 us-east-1 us-east-2
    us-gov-east-1 us-gov-west-1 us-west-1 us-west-2""".split()
)


def entry(**fields: Any) -> Price:
    given: dict[str, Any] = {
        "region": "us-east-1",
        "dimension": "standard_transition",
        "unit": "transition",
        "price": Decimal("0.5"),
        "currency": "USD",
        "start": date(2020, 1, 1),
        "end": None,
        "source": "a page",
        "checked": DAY,
    }
    return Price(**(given | fields))


def tiered(*edges: int) -> Price:
    tiers = tuple(Tier(Decimal(edge), Decimal(1) / 2**place) for place, edge in enumerate(edges, 1))
    return entry(price=Decimal(1), tiers=tiers)


def raw_entries() -> list[dict[str, Any]]:
    return [
        row
        for name in project_files()
        if re.fullmatch(r"analyzer/prices/\w+\.json", name)
        for row in json.loads(text(name))
    ]


def documented(region: str) -> str:
    """Its row in docs/money.md: Standard by the thousand, Express by the million and GB-second, logs by GB."""
    columns: list[tuple[Dimension, int]] = [
        ("standard_transition", 1_000),
        ("express_request", 1_000_000),
        ("express_gb_second", 1),
        ("log_gb", 1),
    ]
    known = {found.dimension: found.price for found in bundled_prices().entries if found.region == region}
    cells = [f"{(known[name] * scale).normalize():f}" if name in known else "" for name, scale in columns]
    return f"| `{region}` | {' | '.join(cells)} |".replace("  ", " ")


class TestTheBundledEntries:
    def test_they_are_one_consistent_book(self) -> None:
        assert len(bundled_prices().entries) == len(raw_entries()) > 50

    def test_every_price_is_written_as_a_string_with_source_and_day(self) -> None:
        rows = raw_entries()
        figures = [
            figure for row in rows for figure in (row["price"], *(tier["price"] for tier in row.get("tiers", [])))
        ]
        assert all(isinstance(figure, str) for figure in figures)
        assert all(row["source"].strip() and date.fromisoformat(row["checked"]) >= date(2026, 1, 1) for row in rows)

    def test_standard_is_priced_in_the_regions_with_a_public_source(self) -> None:
        assert set(bundled_prices().regions("standard_transition")) == STANDARD_REGIONS

    @pytest.mark.parametrize(
        ("region", "per_thousand"),
        [
            ("us-east-1", "0.0250"),
            ("ap-northeast-2", "0.0271"),
            ("us-west-1", "0.0279"),
            ("ap-south-1", "0.0285"),
            ("eu-west-3", "0.0297"),
            ("sa-east-1", "0.0375"),
            ("us-gov-west-1", "0.0300"),
            ("eu-south-1", "0.02625"),
            ("af-south-1", "0.02975"),
            ("me-south-1", "0.0275"),
        ],
    )
    def test_standard_prices_are_those_of_the_page(self, region: str, per_thousand: str) -> None:
        assert bundled_prices().price(region, "standard_transition", DAY).cost(1_000) == Decimal(per_thousand)

    def test_express_is_priced_only_where_a_price_list_says_so(self) -> None:
        assert bundled_prices().regions("express_request") == ("sa-east-1", "us-east-1")
        assert bundled_prices().regions("express_gb_second") == ("sa-east-1", "us-east-1")

    @pytest.mark.parametrize("region", ["cn-north-1", "cn-northwest-1"])
    def test_a_price_on_which_sources_disagree_is_left_out(self, region: str) -> None:
        with pytest.raises(PriceUnknownError):
            bundled_prices().price(region, "standard_transition", DAY)

    def test_the_tiers_of_vended_logs_give_the_example_of_the_cloudwatch_page(self) -> None:
        assert bundled_prices().price("us-east-1", "log_gb", DAY).cost(72 * 1_024) == Decimal("13414.40")

    def test_the_docs_list_each_region_with_its_prices(self) -> None:
        listed = [line for line in text("docs/money.md").splitlines() if line.startswith("| `")]
        assert listed == [documented(region) for region in sorted({found.region for found in bundled_prices().entries})]

    def test_every_dimension_has_a_name_and_a_unit(self) -> None:
        assert set(NAMES) == set(UNITS) == set(get_args(Dimension))


class TestLookingUp:
    def test_the_day_decides_its_first_included_its_last_not(self) -> None:
        change = date(2025, 7, 1)
        book = PriceBook([entry(end=change), entry(start=change, price=Decimal("0.6"))])
        found = [book.price("us-east-1", "standard_transition", day).price for day in (date(2025, 6, 30), change)]
        assert found == [Decimal("0.5"), Decimal("0.6")]

    def test_an_unknown_region_is_refused_and_no_other_stands_in(self) -> None:
        with pytest.raises(PriceUnknownError, match="'eu-isoe-west-1'") as refused:
            bundled_prices().price("eu-isoe-west-1", "standard_transition", DAY)
        assert "docs/money.md" in refused.value.hint
        assert refused.value.exit_code == 2

    def test_a_day_before_the_first_price_is_refused(self) -> None:
        with pytest.raises(PriceUnknownError, match="2020-01-01, and 2019-12-31 is before it"):
            bundled_prices().price("us-east-1", "standard_transition", date(2019, 12, 31))

    def test_a_day_after_the_last_price_is_refused(self) -> None:
        with pytest.raises(PriceUnknownError, match="ended on 2021-01-01"):
            PriceBook([entry(end=date(2021, 1, 1))]).price("us-east-1", "standard_transition", date(2021, 1, 1))

    def test_no_region_is_no_region_and_not_a_strange_one(self) -> None:
        with pytest.raises(PriceUnknownError, match="the Region is not known"):
            bundled_prices().price("", "standard_transition", DAY)


class TestTiers:
    def test_an_edge_belongs_to_the_lower_tier(self) -> None:
        assert [tiered(10, 20).cost(quantity) for quantity in (10, 11, 20, 21)] == [10, 10.5, 15, 15.25]

    def test_nothing_costs_nothing(self) -> None:
        assert tiered(10).cost(0) == 0

    def test_above_the_last_known_tier_nothing_is_guessed(self) -> None:
        price = entry(known_up_to=Decimal(100))
        assert price.cost(100) == 50
        with pytest.raises(PriceUnknownError, match="above 100 transitions a month"):
            price.cost(101)

    def test_a_product_is_exact_however_large(self) -> None:
        assert entry(price=Decimal("0.00000001")).cost(10**40 + 1) == Decimal(f"1{'0' * 32}.00000001")

    @given(st.integers(0, 50), st.integers(0, 50))
    def test_more_never_costs_less_and_together_never_more_than_apart(self, one: int, other: int) -> None:
        price = tiered(7, 20, 31)
        assert price.cost(one + other) >= price.cost(one)
        assert price.cost(one + other) <= price.cost(one) + price.cost(other)


class TestEntriesThatNoSumMayRestOn:
    @pytest.mark.parametrize(
        ("fields", "fault"),
        [
            ({"source": " "}, "no source"),
            ({"region": ""}, "no Region"),
            ({"currency": ""}, "no currency"),
            ({"unit": "request"}, "its unit is not transition"),
            ({"end": date(2020, 1, 1)}, "ends before it begins"),
            ({"price": Decimal(0)}, "not above zero"),
            ({"price": Decimal("NaN")}, "not above zero"),
            ({"tiers": (Tier(Decimal(9), Decimal(-1)),)}, "not above zero"),
            ({"tiers": (Tier(Decimal(9), Decimal(1)), Tier(Decimal(9), Decimal(2)))}, "tiers do not rise"),
            ({"tiers": (Tier(Decimal("NaN"), Decimal(1)),)}, "tiers do not rise"),
            ({"tiers": (Tier(Decimal(9), Decimal(1)),), "known_up_to": Decimal(9)}, "tiers do not rise"),
        ],
    )
    def test_one_entry(self, fields: dict[str, Any], fault: str) -> None:
        with pytest.raises(StepscopeError, match=fault):
            PriceBook([entry(**fields)])

    @pytest.mark.parametrize(
        ("end", "fault"), [(date(2021, 1, 1), "a gap"), (date(2023, 1, 1), "an overlap"), (None, "an overlap")]
    )
    def test_two_entries(self, end: date | None, fault: str) -> None:
        with pytest.raises(StepscopeError, match=f"there is {fault} between 2020-01-01 and 2022-01-01"):
            PriceBook([entry(end=end), entry(start=date(2022, 1, 1))])

    def test_a_region_in_two_currencies(self) -> None:
        with pytest.raises(StepscopeError, match="in CNY and in USD"):
            PriceBook([entry(currency="USD"), entry(dimension="express_request", unit="request", currency="CNY")])

    def test_a_file_that_is_none(self) -> None:
        with pytest.raises(StepscopeError, match="cannot be read"):
            prices_of(b'[{"region": "us-east-1"}]')

    def test_a_dimension_that_nobody_knows(self) -> None:
        row = msgspec.json.encode([entry()]).replace(b"standard_transition", b"storage")
        with pytest.raises(StepscopeError, match="dimension"):
            prices_of(row)


class TestRefreshedPrices:
    change = date(2025, 7, 1)

    def test_they_replace_what_is_bundled_from_their_first_day_on(self) -> None:
        book = PriceBook([entry(), entry(region="eu-west-1")]).refreshed([entry(start=self.change, price=Decimal(9))])
        days = (date(2025, 6, 30), self.change)
        assert [book.price("us-east-1", "standard_transition", day).price for day in days] == [Decimal("0.5"), 9]
        assert [book.price("eu-west-1", "standard_transition", day).price for day in days] == [Decimal("0.5")] * 2

    def test_what_began_later_gives_way(self) -> None:
        later = [entry(end=date(2026, 1, 1)), entry(start=date(2026, 1, 1), price=Decimal(7))]
        book = PriceBook(later).refreshed([entry(start=self.change, price=Decimal(9))])
        assert [(found.start.year, found.price) for found in book.entries] == [(2020, Decimal("0.5")), (2025, 9)]

    def test_a_refresh_may_bring_its_own_history(self) -> None:
        new = [entry(start=self.change, end=DAY, price=Decimal(8)), entry(start=DAY, price=Decimal(9))]
        book = PriceBook([entry()]).refreshed(new)
        assert [found.end for found in book.entries] == [self.change, DAY, None]

    def test_a_new_region_is_added(self) -> None:
        book = bundled_prices().refreshed([entry(region="eusc-de-east-1", currency="EUR")])
        assert book.price("eusc-de-east-1", "standard_transition", DAY).currency == "EUR"
        assert len(book.entries) == len(bundled_prices().entries) + 1


# What follows keeps prices out of the code. A figure with three digits or more that equals a price is one; a shorter
# one, such as 0.5, is one when it is bound to a name that says money.
MONEY_NAME = re.compile(r"(^|_)(usd|cny|eur|price|cost)$", re.IGNORECASE)


def distinctive_figures() -> set[Decimal]:
    prices = [found for found in bundled_prices().entries if found.dimension != "log_gb"] + [*disputed_prices()]
    figures = [figure for found in prices for figure in (found.price, *(tier.price for tier in found.tiers))]
    return {
        figure * scale for figure in figures for scale in (1, 1_000, 3_600, 1_000_000) if is_distinctive(figure * scale)
    }


def is_distinctive(figure: Decimal) -> bool:
    return len(figure.normalize().as_tuple().digits) > 2 or figure < Decimal("0.001")


def figure_of(node: ast.AST) -> Decimal | None:
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool | bytes):
        return None
    try:
        return Decimal(str(node.value).strip().lstrip("$").replace("_", ""))
    except InvalidOperation:
        return None


def is_plain_number(node: ast.AST | None) -> bool:
    """Whether an expression is made of nothing but figures, as in `Decimal("0.025") / 1000`, and is not just 0."""
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).endswith(("Decimal", "float", "Fraction")) and any(
            map(is_plain_number, node.args)
        )
    if isinstance(node, ast.BinOp):
        return is_plain_number(node.left) and is_plain_number(node.right)
    return node is not None and bool(figure_of(node))


def bindings(tree: ast.AST) -> list[tuple[str, ast.AST | None]]:
    found: list[tuple[str, ast.AST | None]] = []
    for node in ast.walk(tree):
        match node:
            case ast.Assign():
                found += [(ast.unparse(target), node.value) for target in node.targets]
            case ast.AnnAssign() | ast.NamedExpr():
                found.append((ast.unparse(node.target), node.value))
            case ast.keyword(arg=str(name)):
                found.append((name, node.value))
            case ast.Dict():
                found += [
                    (str(key.value), value)
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant)
                ]
            case ast.arguments():
                positional = [*node.posonlyargs, *node.args]
                found += [
                    (arg.arg, value) for arg, value in zip(reversed(positional), reversed(node.defaults), strict=False)
                ]
                found += [(arg.arg, value) for arg, value in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
    return found


def prices_in(tree: ast.AST) -> list[str]:
    figures = distinctive_figures()
    equal = [ast.unparse(node) for node in ast.walk(tree) if figure_of(node) in figures]
    named = [
        f"{name} = {ast.unparse(value)}"
        for name, value in bindings(tree)
        if value and MONEY_NAME.search(name) and is_plain_number(value)
    ]
    return equal + named


def test_no_code_holds_a_price() -> None:
    modules = [name for name in project_files() if name.endswith(".py") and not name.startswith("tests/")]
    found = {name: prices_in(syntax(name)) for name in modules}
    assert {name: prices for name, prices in found.items() if prices} == {}


@pytest.mark.parametrize(
    "code",
    [
        "x = 0.000025",
        "x = 2.5e-5",
        "f('0.0271')",
        "x = Decimal('0.00001667')",
        "x = n * 0.01642",
        "x = n * 27.1 / 1_000_000",
        "x = '0.1891'",
        "price = 0.5",
        "TRANSITION_USD = '0.025'",
        "transition_usd = Decimal('0.025') / 1000",
        "cost: float = 25",
        "f(usd=1)",
        "def f(a, price=0.03): ...",
        "def f(*, gb_price=0.03): ...",
        "x = {'usd': '$0.50'}",
    ],
)
def test_a_price_in_code_would_be_seen(code: str) -> None:
    assert prices_in(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "x = 0.5",
        "timeout = 0.03",
        "cost_usd = 0",
        "cost = n * 2",
        "price = book.price(a, b)",
        "f('usd')",
        "price_age = 180",
        "x = True",
    ],
)
def test_what_is_no_price_is_left_alone(code: str) -> None:
    assert prices_in(ast.parse(code)) == []
