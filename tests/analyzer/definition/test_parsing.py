from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.definition import Definition, Edge, express_blockers, express_warnings, parse_definition
from analyzer.definition.parsing import DEEPEST_NESTING, LARGEST_TEXT
from store.errors import DefinitionError
from tests.analyzer.definition.machines import END, Nested, mapped, nested_definitions, parallel, scope, task

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"

ORDER = scope(
    {
        "주문 검증": task(
            Parameters={"FunctionName": "validate-order"},
            End=False,
            Next="Paid?",
            Catch=[{"ErrorEquals": ["OutOfStock"], "Next": "Alert"}, {"ErrorEquals": ["States.ALL"], "Next": "Failed"}],
        ),
        "Paid?": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.paid", "BooleanEquals": True, "Next": "Notify"},
                {"Variable": "$.free", "BooleanEquals": True, "Next": "Notify"},
            ],
            "Default": "Failed",
        },
        "Notify": parallel(scope({"Mail": END}), scope({"Text": task(End=False, Next="Log"), "Log": END})),
        "Alert": {"Type": "Wait", "Seconds": 30, "Next": "Failed"},
        "Failed": {"Type": "Fail", "Error": "NotPaid"},
    },
    Comment="Takes an order",
    TimeoutSeconds=900,
    Unheard={"of": 1},
)


@pytest.fixture(scope="module")
def order() -> Definition:
    return parse_definition(json.dumps(ORDER))


def test_a_machine_starts_where_it_says_and_has_every_state_once(order: Definition) -> None:
    assert order.start_at == "주문 검증"
    assert list(order.states) == ["주문 검증", "Paid?", "Notify", "Mail", "Text", "Log", "Alert", "Failed"]
    assert order.timeout_seconds == 900
    assert order.comment == "Takes an order"


def test_edges_say_why_they_are_taken_and_stand_once(order: Definition) -> None:
    assert order.edges == (
        Edge("주문 검증", "Paid?", "next"),
        Edge("주문 검증", "Alert", "catch"),
        Edge("주문 검증", "Failed", "catch"),
        Edge("Paid?", "Notify", "choice"),
        Edge("Paid?", "Failed", "default"),
        Edge("Text", "Log", "next"),
        Edge("Alert", "Failed", "next"),
    )


def test_a_state_knows_where_it_stands(order: Definition) -> None:
    log = order.states["Log"]
    assert (log.path, log.container, log.branch, log.is_start) == (("Notify",), "Notify", 1, False)
    assert (order.states["Text"].is_start, order.states["Notify"].container) == (True, None)


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(str, id="text"),
        pytest.param(str.encode, id="bytes"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.encode("utf-16"), id="UTF-16"),
    ],
)
def test_text_bytes_and_object_give_the_same(order: Definition, wrap: Any) -> None:
    assert parse_definition(wrap(json.dumps(ORDER))) == order
    assert parse_definition(ORDER) == order


@given(nested_definitions())
def test_nested_states_are_found_once_and_in_their_place(nested: Nested) -> None:
    definition = parse_definition(json.dumps(nested.definition))

    assert {state.name: (state.path, state.branch) for state in definition.states.values()} == nested.places
    assert all(state.name == name for name, state in definition.states.items())


@given(nested_definitions())
def test_each_scope_has_one_start_and_no_edge_leaves_it(nested: Nested) -> None:
    states = parse_definition(nested.definition).states

    scopes = {place: [name for name in states if nested.places[name] == place] for place in nested.places.values()}
    assert all(sum(states[name].is_start for name in names) == 1 for names in scopes.values())
    for state in states.values():
        assert all(nested.places[edge.target] == nested.places[state.name] for edge in state.edges)


REFUSED: dict[str, tuple[Any, str, str, str]] = {
    "empty": ("  ", "MISSING_DESCRIPTION", "", "The definition is empty."),
    "no JSON": ("{", "INVALID_JSON_DESCRIPTION", "", "The definition is not JSON: "),
    "YAML": ("StartAt: A\nStates:\n", "INVALID_JSON_DESCRIPTION", "", "The definition is not JSON: "),
    "not a number": ('{"TimeoutSeconds": NaN}', "INVALID_JSON_DESCRIPTION", "", "NaN is no JSON number"),
    "no UTF-8": (b'"\xff"', "INVALID_JSON_DESCRIPTION", "", "The definition is not JSON: "),
    "a list": ("[]", "SCHEMA_VALIDATION_FAILED", "", "The definition is JSON, but no object."),
    "nothing": (None, "SCHEMA_VALIDATION_FAILED", "", "The definition is JSON, but no object."),
    "a description": ({"definition": "{}"}, "SCHEMA_VALIDATION_FAILED", "", "its definition is the field `definition`"),
    "no States": ({"StartAt": "A"}, "SCHEMA_VALIDATION_FAILED", "/States", "The definition has no States."),
    "empty States": ({"StartAt": "A", "States": {}}, "SCHEMA_VALIDATION_FAILED", "/States", "has no States."),
    "States a list": (
        {"StartAt": "A", "States": []},
        "SCHEMA_VALIDATION_FAILED",
        "/States",
        "must be an object, not a list",
    ),
    "no StartAt": ({"States": {"A": END}}, "SCHEMA_VALIDATION_FAILED", "/StartAt", "The definition has no StartAt."),
    "StartAt nowhere": (
        scope({"A": END}) | {"StartAt": "B"},
        "MISSING_TRANSITION_TARGET",
        "/StartAt",
        "The definition starts at 'B', which is none of its States.",
    ),
    "StartAt no text": (scope({"A": END}) | {"StartAt": 1}, "SCHEMA_VALIDATION_FAILED", "/StartAt", "not a number"),
    "state no object": (scope({"A": 1}), "SCHEMA_VALIDATION_FAILED", "/States/A", "State 'A' is not an object."),
    "state without name": (scope({"": END}), "INVALID_STATE_NAME", "/States", "no text or empty"),
    "state named by a number": (
        {"StartAt": "A", "States": {"A": END, 1: END}},
        "INVALID_STATE_NAME",
        "/States",
        "no text or empty",
    ),
    "no Type": (scope({"A": {"End": True}}), "SCHEMA_VALIDATION_FAILED", "/States/A/Type", "State 'A' has no Type."),
    "unknown Type": (scope({"A": {"Type": "task"}}), "SCHEMA_VALIDATION_FAILED", "/States/A/Type", "has Type 'task'"),
    "a loop without end": (
        scope({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}),
        "MISSING_END_STATE",
        "",
        "No state ends the machine: each leads to another.",
    ),
    "a name twice, nested": (
        scope({"A": parallel(scope({"B": END}), scope({"B": END}))}),
        "DUPLICATE_STATE_NAME",
        "/States/B",
        "Two states are called 'B'; names are unique in a machine, branches and Map bodies included.",
    ),
    "a name twice, side by side": (
        '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}, "A": {"Type": "Succeed"}}}',
        "DUPLICATE_STATE_NAME",
        "/States/A",
        "Two states are called 'A'",
    ),
    "Parallel without Branches": (
        scope({"A": {"Type": "Parallel", "End": True}}),
        "SCHEMA_VALIDATION_FAILED",
        "/States/A/Branches",
        "State 'A' is a Parallel without Branches.",
    ),
    "branch without States": (
        scope({"A": parallel({})}),
        "SCHEMA_VALIDATION_FAILED",
        "/States/A/Branches[0]/States",
        "Branch 1 of state 'A' has no States.",
    ),
    "Map without a body": (
        scope({"A": {"Type": "Map", "End": True}}),
        "SCHEMA_VALIDATION_FAILED",
        "/States/A/ItemProcessor",
        "State 'A' is a Map without ItemProcessor or Iterator.",
    ),
    "a way out of a branch": (
        scope({"A": parallel(scope({"B": {"Type": "Pass", "Next": "C"}}), Next="C", End=False), "C": END}),
        "MISSING_TRANSITION_TARGET",
        "/States/A/Branches[0]/States/B/Next",
        "State 'B' leads to 'C', which is no state of the same scope.",
    ),
    "unknown QueryLanguage": (
        scope({"A": END}, QueryLanguage="jq"),
        "SCHEMA_VALIDATION_FAILED",
        "/QueryLanguage",
        "it can be JSONPath or JSONata",
    ),
}


@pytest.mark.parametrize(("given_definition", "code", "location", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_machine_is_refused_with_a_reason(
    given_definition: object, code: str, location: str, reason: str
) -> None:
    with pytest.raises(DefinitionError) as refusal:
        parse_definition(given_definition)

    assert reason in refusal.value.sentence
    assert (refusal.value.code, refusal.value.location) == (code, location)
    assert refusal.value.sentence.endswith(".")


def test_a_long_name_is_shortened_and_cannot_act_on_a_terminal() -> None:
    with pytest.raises(DefinitionError) as refusal:
        parse_definition(scope({"\x1b[31m" + "x" * 5_000: {"Type": "Pass"}}))

    assert len(refusal.value.sentence) < 200
    assert "\x1b" not in refusal.value.sentence


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 100_000,
        '{"States":' * 100_000,
        '{"StartAt":"A","States":{"A":{"Type":"Parallel","Branches":[' * 5_000,
        " " * (LARGEST_TEXT + 1) + "{}",
        '{"TimeoutSeconds": ' + "9" * 100_000 + "}",
    ],
    ids=["lists", "objects", "branches", "size", "digits"],
)
def test_a_bomb_is_refused(bomb: str) -> None:
    with pytest.raises(DefinitionError):
        parse_definition(bomb)


def nested_maps(depth: int) -> dict[str, Any]:
    body = scope({"0": END})
    for level in range(1, depth + 1):
        body = scope({str(level): mapped(body)})
    return body


def test_nesting_has_a_limit_that_no_reader_meets() -> None:
    assert len(parse_definition(nested_maps(DEEPEST_NESTING)).states) == DEEPEST_NESTING + 1
    with pytest.raises(DefinitionError) as refusal:
        parse_definition(nested_maps(DEEPEST_NESTING + 1))
    assert refusal.value.code == "TOO_DEEPLY_NESTED"


def test_an_object_that_holds_itself_is_refused() -> None:
    circle: dict[str, Any] = scope({"A": mapped({})})
    circle["States"]["A"]["ItemProcessor"] = circle
    with pytest.raises(DefinitionError):
        parse_definition(circle)


def test_what_only_aws_minds_is_passed_over() -> None:
    definition = parse_definition(
        scope(
            {
                "A": {"Type": "Succeed", "End": True, "Parameters": "none", "Next": 5},
                "Alone": {"Type": "Fail", "ResultPath": 7},
            }
        )
    )
    assert definition.edges == ()


def test_half_a_character_cannot_enter_a_table() -> None:
    definition = parse_definition(r'{"StartAt": "\ud800", "States": {"\ud800": {"Type": "Fail", "Error": "\udfff!"}}}')
    assert definition.start_at == "?"
    assert definition.error_of("?") == "?!"


FIELD_NAMES = st.sampled_from(
    """StartAt States Type Next End Resource Parameters Arguments FunctionName Branches ItemProcessor Iterator Choices
    Default Catch Retry ErrorEquals Seconds Timestamp Error ErrorPath ProcessorConfig Mode Label ItemBatcher
    TimeoutSeconds MaxAttempts BackoffRate IntervalSeconds MaxDelaySeconds QueryLanguage Fn::Sub A""".split()
)
TEXTS = st.sampled_from(
    [
        "A",
        "B",
        "Task",
        "Map",
        "Parallel",
        "Wait",
        "Fail",
        "Choice",
        "Pass",
        "{% $x %}",
        "arn:aws:states:::a:b.sync",
        "\ud800",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(FIELD_NAMES | st.integers() | st.none(), inner, max_size=6)
    ),
    max_leaves=30,
)


def survives(text_or_object: object) -> None:
    """It is a definition of which everything can be asked, or it is refused."""
    try:
        definition = parse_definition(text_or_object)
    except DefinitionError:
        return
    assert definition.start_at in definition.states
    assert all(edge.target in definition.states for edge in definition.edges)
    assert all(blocker.sentence for blocker in express_blockers(definition) + express_warnings(definition))


@given(VALUES)
def test_garbage_is_refused_and_nothing_else(value: object) -> None:
    survives(value)
    survives({"StartAt": "A", "States": {"A": value}})
    survives({"StartAt": "A", "States": {"A": {"Type": "Task", "End": True, "Resource": value, "Retry": [value]}}})


@given(nested_definitions(), VALUES, st.randoms(use_true_random=False))
def test_damage_anywhere_is_refused_or_read(nested: Nested, value: object, random: Any) -> None:
    inner: Any = nested.definition
    while isinstance(inner, dict | list) and inner:
        keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = random.choice(keys)
        if not isinstance(inner[key], dict | list) or random.random() < 0.2:
            inner[key] = value
            break
        inner = inner[key]
    survives(nested.definition)


@given(st.text() | st.binary())
def test_any_text_is_refused_or_read(text: str | bytes) -> None:
    survives(text)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="needs ../shared/corpus")
def test_every_definition_of_the_corpus_is_read_or_refused() -> None:
    with gzip.open(CORPUS / "definitions.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]

    refused = {row["path"].rpartition("/")[2]: refusal for row in rows if (refusal := refusal_of(row["definition"]))}
    assert len(rows) == 268
    assert refused == {
        "backoff-with-invalid-jitter-on-retry.json": "SCHEMA_VALIDATION_FAILED",
        "fail-with-static-and-dynamic-cause.json": "SCHEMA_VALIDATION_FAILED",
        "fail-with-static-and-dynamic-error.json": "SCHEMA_VALIDATION_FAILED",
        "map_state_label_too_long_fail.json5": "INVALID_LABEL_NAME",
        "no-terminal.json": "MISSING_END_STATE",
        "task-with-static-and-dynamic-heartbeat.json": "SCHEMA_VALIDATION_FAILED",
        # Their Catch is filled in by the tests that they were written for.
        "task_lambda_invoke_catch_tbd.json5": "SCHEMA_VALIDATION_FAILED",
        "task_service_lambda_invoke_catch_tbd.json5": "SCHEMA_VALIDATION_FAILED",
    }


def refusal_of(definition: object) -> str:
    try:
        parse_definition(definition)
    except DefinitionError as refusal:
        return refusal.code
    return ""
