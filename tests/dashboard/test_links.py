from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from dashboard.filters import Filters
from dashboard.links import (
    console_url,
    execution_url,
    failed_url,
    first_failed_url,
    glossary_url,
    page_url,
    report_command,
)

NAME = "a&b=c#d/주문 **x**?"
FILTERS = Filters("30d", date(2026, 10, 1), ("orders", NAME))


def parameters(url: str) -> dict[str, list[str]]:
    return parse_qs(urlsplit(url).query)


def test_a_link_keeps_the_filters() -> None:
    assert parameters(page_url("failures", FILTERS)) == {
        "window": ["30d"],
        "until": ["2026-10-01"],
        "machine": ["orders", NAME],
    }


def test_a_page_without_filters_is_only_its_name() -> None:
    assert page_url("failures", Filters()) == "failures"


def test_an_execution_is_named_behind_the_hash() -> None:
    arn = f"arn:aws:states:eu-west-1:1:execution:orders:{NAME}"
    url = execution_url(arn, FILTERS)
    assert parameters(url)["execution"] == [arn]
    assert urlsplit(url).path == "executions"
    assert "#" not in urlsplit(url).fragment


def test_a_failing_row_leads_to_its_executions() -> None:
    row = pd.Series({"machine": "photos", "state": NAME, "error": NAME})
    found = parameters(failed_url(row, FILTERS))
    assert (found["machine"], found["state"], found["error"]) == (["photos"], [NAME], [NAME])


def test_an_unknown_error_narrows_nothing() -> None:
    row = pd.Series({"machine": "photos", "state": "Charge", "error": pd.NA})
    assert "error" not in parameters(failed_url(row, FILTERS))
    assert first_failed_url(row, FILTERS) is None


def test_all_executions_of_a_page_can_be_written_by_a_command() -> None:
    filters = Filters("1d", date(2026, 10, 1), ("it's",), ("FAILED",))
    assert report_command(filters, filters.window(0)) == (
        "stepscope report executions --out reports --since 2026-10-01T00:00:00Z --until 2026-10-02T00:00:00Z"
        """ --machine 'it'"'"'s' --where status=FAILED"""
    )
    assert report_command(Filters("all"), Filters("all").window(0)) == "stepscope report executions --out reports"


def test_a_term_is_found_in_the_glossary() -> None:
    assert glossary_url("root state") == "glossary#root-state"


@pytest.mark.parametrize(
    ("partition", "region", "host"),
    [
        ("aws", "ap-northeast-2", "ap-northeast-2.console.aws.amazon.com"),
        ("aws-cn", "cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("aws-us-gov", "us-gov-west-1", "console.amazonaws-us-gov.com"),
    ],
)
def test_each_partition_has_a_console_of_its_own(partition: str, region: str, host: str) -> None:
    arn = f"arn:{partition}:states:{region}:123456789012:execution:orders:e1"
    assert console_url(arn) == f"https://{host}/states/home?region={region}#/v2/executions/details/{arn}"


@pytest.mark.parametrize(
    "arn",
    [
        "file:orders:e1",
        "arn:aws-eusc:states:eusc-de-east-1:123456789012:execution:orders:e1",
        "arn:aws:states:r:1:express:orders:e1:uuid",
        "arn:aws:states:r:1:stateMachine:orders",
    ],
)
def test_what_no_console_shows_has_no_link(arn: str) -> None:
    assert console_url(arn) is None


def test_a_name_cannot_lead_elsewhere() -> None:
    url = console_url("arn:aws:states:r.evil/:1:execution:orders:e)[x](y) 주문")
    assert url is not None
    assert not set("()[] 주문") & set(url)
    assert urlsplit(url).netloc == "r.evil%2F.console.aws.amazon.com"
