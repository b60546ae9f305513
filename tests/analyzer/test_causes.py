from __future__ import annotations

import json
import time
from collections import Counter
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.cause_templates import templates
from analyzer.causes import MASKED_CHARS, masked
from tests.analyzer.cause_texts import causes


@pytest.mark.parametrize(
    ("cause", "form"),
    [
        ("Order ORD-83F2 not found for customer c_9982", "Order <id> not found for customer <id>"),
        (
            "2026-10-11T12:00:01.123Z 8f14e45f-ceea-467f-a0e6-0ab12cd34ef5 Task timed out after 3.00 seconds",
            "<time> <id> Task timed out after <n> seconds",
        ),
        (
            "Rate exceeded (Service: AWSLambda; Status Code: 429; Request ID: 8f14e45f-ceea-467f-a0e6-0ab12cd34ef5)",
            "Rate exceeded (Service: AWSLambda; Status Code: 429; Request ID: <id>)",
        ),
        ("HTTP 503 from https://api.pay.com/v1/charges/ch_82jd?x=5", "HTTP 503 from https://api.pay.com/<path>"),
        ("no access to arn:aws:s3:::bucket/key-9, retry 3/5", "no access to <arn>, retry <n>/<n>"),
        ("key AbCdXfGhZjKlMnOpQr is gone", "key <id> is gone"),
        ("NullPointerException in OrderRepository", "NullPointerException in OrderRepository"),
        ("주문 1234 실패", "주문 <n> 실패"),
        ("sha256 of UTF-8 text", "sha256 of UTF-8 text"),
        ("", ""),
    ],
)
def test_what_differs_from_run_to_run_is_masked_and_what_tells_faults_apart_is_not(cause: str, form: str) -> None:
    assert masked(cause) == form


def test_of_json_the_error_and_its_message_remain_and_the_stack_trace_does_not() -> None:
    of_lambda = {"errorType": "OrderError", "errorMessage": 'order "9" is closed', "trace": ["at f (a.js:1:2)"]}
    assert masked(json.dumps(of_lambda)) == 'OrderError: order "<n>" is closed'


def test_of_a_nested_workflow_the_innermost_cause_remains() -> None:
    inner = json.dumps({"errorType": "LedgerMismatch", "errorMessage": "sum 12.5 is not 13"})
    child = {"ExecutionArn": "arn:aws:states:…:x", "Error": "LedgerMismatch", "Cause": inner, "Status": "FAILED"}
    assert masked(json.dumps(child)) == "LedgerMismatch: sum <n> is not <n>"


def test_json_that_was_cut_off_still_says_its_message() -> None:
    whole = json.dumps({"errorMessage": "item 12 is gone", "errorType": "Gone", "stackTrace": ["x" * 900]})
    assert masked(whole[:120]) == "Gone: item <n> is gone"


@pytest.mark.parametrize(
    ("cause", "form"),
    [
        (
            "java.lang.IllegalStateException: closed\n\tat com.acme.A.b(A.java:1)\n\tat c",
            "java.lang.IllegalStateException: closed",
        ),
        (
            'Traceback (most recent call last):\n  File "/var/task/a.py", line 1, in f\nValueError: bad row 7',
            "ValueError: bad row <n>",
        ),
    ],
)
def test_a_stack_trace_in_plain_text_goes(cause: str, form: str) -> None:
    assert masked(cause) == form


def test_what_aws_says_of_a_state_keeps_the_state_and_the_field_and_loses_the_payload() -> None:
    cause = (
        "An error occurred while executing the state 'Pick' (entered at the event id #12). The JSONata expression"
        " '$x.y' specified for the field 'Output/total' threw an error. Input: '{\"card\": \"4111\"}'"
    )
    assert masked(cause) == (
        "An error occurred while executing the state 'Pick' (entered at the event id #<n>). The JSONata expression"
        " '$x.y' specified for the field 'Output/total' threw an error. Input: <json>"
    )


@given(st.text(max_size=400))
def test_any_text_has_a_short_form_in_one_line(cause: str) -> None:
    form = masked(cause)
    assert len(form) <= MASKED_CHARS
    assert form == " ".join(form.split())


def rand_index(left: list[int], right: list[str]) -> float:
    """The adjusted Rand index of two groupings (Hubert and Arabie, 1985)."""
    together = sum(comb(n, 2) for n in Counter(zip(left, right, strict=True)).values())
    lefts, rights = (sum(comb(n, 2) for n in Counter(group).values()) for group in (left, right))
    by_chance = lefts * rights / comb(len(left), 2)
    return (together - by_chance) / ((lefts + rights) / 2 - by_chance)


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_thousand_causes_of_forty_templates_fall_into_their_forty_groups(seed: int) -> None:
    rows = causes(10_000, seed)
    began = time.process_time()
    forms = [masked(cause) for _, cause in rows]
    under = templates(Counter(forms))
    took = time.process_time() - began
    assert rand_index([template for template, _ in rows], [under[form] for form in forms]) >= 0.95
    assert took < 2
