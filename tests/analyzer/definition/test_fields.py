from __future__ import annotations

import pytest

from analyzer.definition.fields import Fields, quoted, storable
from store.errors import DefinitionError


def fields(**values: object) -> Fields:
    return Fields(dict(values.items()), "state 'A'", "/States/A")


def test_null_is_as_good_as_absent() -> None:
    state = fields(Next=None)
    assert not state.has("Next")
    assert (state.text("Next"), state.number("Next"), state.flag("Next")) == ("", None, False)
    assert state.inner("Next") is None
    assert list(state.each("Next", "choice")) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ({"Fn::Sub": "${AWS::Region}"}, "${AWS::Region}"),
        ({"Fn::Sub": ["${x}", {}]}, "${x}"),
        ({"Ref": "X"}, ""),
        ({"Fn::If": [1, 2, 3]}, ""),
    ],
)
def test_a_templates_function_is_read_where_it_can_be(value: object, text: str) -> None:
    assert fields(Error=value).text("Error") == text


@pytest.mark.parametrize("value", [{"Other": "x"}, {"Ref": "X", "Fn::Sub": "Y"}, {"Fn::Sub": 1}, 5, [], True])
def test_anything_else_is_no_text(value: object) -> None:
    with pytest.raises(DefinitionError, match="must be text, not "):
        fields(Error=value).text("Error")
    assert fields(Error=value).literal("Error") == ""


@pytest.mark.parametrize(("value", "number"), [(3, 3), (0.5, 0.5), ("{% $n %}", None), ({"Ref": "N"}, None)])
def test_an_expression_is_a_number_not_known_yet(value: object, number: float | None) -> None:
    assert fields(Seconds=value).number("Seconds") == number


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), -1, 2**60, 10**5_000], ids=["NaN", "infinite", "below zero", "large", "huge"]
)
def test_a_number_beyond_reason_is_refused(value: float) -> None:
    with pytest.raises(DefinitionError, match="State 'A' has Seconds out of range"):
        fields(Seconds=value).number("Seconds")


def test_an_inner_object_says_whose_it_is() -> None:
    [retrier] = fields(Retry=[{}]).each("Retry", "retrier")
    assert (retrier.label, retrier.location) == ("retrier 1 of state 'A'", "/States/A/Retry[0]")


@pytest.mark.parametrize(("text", "stored"), [("plain", "plain"), ("주문", "주문"), ("a\ud800", "a?")])
def test_stored_text_can_be_encoded(text: str, stored: str) -> None:
    assert storable(text) == stored
    storable(text).encode()


def test_a_quotation_is_short_and_harmless() -> None:
    assert quoted("주문 검증") == "'주문 검증'"
    assert len(quoted("x" * 10_000)) <= 80
    assert quoted("\x1b[31m") == r"'\x1b[31m'"
