"""The three reasons."""

from __future__ import annotations

from decimal import Decimal

from analyzer.reasons import reasons
from analyzer.replay import Comparison, Cost


def cost(usd: str | None) -> Cost:
    return Cost(None if usd is None else Decimal(usd), "")


def compared(type: str = "STANDARD", express: str | None = "1", express_high: str = "2", **more: object) -> Comparison:
    return Comparison(
        type=type,
        executions=1_000,
        too_long=int(str(more.get("too_long", 0))),
        blockers=more.get("blockers", []),  # type: ignore[arg-type]
        standard=cost("10"),
        standard_high=cost("12"),
        express=cost(express),
        express_low=cost(express),
        express_high=cost(express_high),
    )


def test_a_machine_that_should_be_express() -> None:
    assert reasons(compared(), 12_345, 0.003) == [
        "Its definition holds nothing that Express lacks.",
        (
            "None of 1,000 executions took longer than the 5 minutes that Express allows, and with 95 % confidence"
            " fewer than 0.30% would; the longest took 12.3 s."
        ),
        "Express saves $9.00, and at least $8.00 whatever is not known.",
    ]


def test_a_machine_that_cannot_be() -> None:
    found = reasons(compared(too_long=7, blockers=["State 'A' waits.", "B.", "C."]), 400_000, 0.01)
    assert found[:2] == [
        "State 'A' waits. There are 2 more.",
        "7 of 1,000 executions took longer than the 5 minutes that Express allows.",
    ]
    assert reasons(compared(blockers=["A.", "B."]), 1, None)[0] == "A. There is one more."
    assert reasons(compared(blockers=None), 1, None)[0].startswith("Its definition is not known")


def test_costs_that_depend_on_what_is_not_known() -> None:
    assert reasons(compared(express="9", express_high="20"), 1, 0)[2] == (
        "Express is between $10.00 dearer and $3.00 cheaper, depending on memory, logs and the start of an execution."
    )
    assert reasons(compared(express="15", express_high="20"), 1, 0)[2] == (
        "Express costs $5.00 more, and at least $3.00 whatever is not known."
    )
    assert reasons(compared(express=None), 1, 0)[2] == "One of the two costs is not known: no price is."


def test_an_express_machine_could_always_be_standard() -> None:
    found = reasons(compared("EXPRESS"), 2_000, 0)
    assert found == [
        "Standard has everything that Express has.",
        "The longest of 1,000 executions took 2.0 s, and Standard bills no duration.",
        "Standard costs $9.00 more, and at least $8.00 whatever is not known.",
    ]


def test_small_amounts_keep_two_digits() -> None:
    tiny = compared()
    small = Comparison("STANDARD", 1, 0, [], cost("0.000123"), cost("0"), cost("0.0002"), cost("0"), cost("0"))
    assert reasons(small, 1, 0)[2] == "Express saves $0.00012, and at least $0.00012 whatever is not known."
    assert tiny.saving_usd == 9
