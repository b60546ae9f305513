"""The proxy throttles where AWS would and breaks answers in every way it promises."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.standin.faults import FAULTS
from tests.standin.handle import QuotaProxy, Standin

ANSWERED = {"slow", "trickle", "repeat_page", "overlap", "empty_page", "token_expired"}
"""Faults after which the first page still arrives."""
CUT = {"truncate", "bad_json"}
"""Faults that boto3 reads as an empty answer and does not report, or reports as one of its own errors."""


@pytest.fixture
def machine(standin: Standin) -> str:
    arn = standin.create_machine("order", {"StartAt": "a", "States": {"a": {"Type": "Pass", "End": True}}})
    run = standin.run(arn)
    standin.wait(run)
    standin.replicate([run], 9, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    return arn


def pages(states: Any, machine: str) -> list[list[str]]:
    found = states.get_paginator("list_executions").paginate(stateMachineArn=machine, PaginationConfig={"PageSize": 5})
    return [[row["name"] for row in page.get("executions", [])] for page in found]


def test_without_faults_it_is_transparent(proxy: QuotaProxy, standin: Standin, machine: str) -> None:
    assert pages(proxy.client(), machine) == pages(standin.states, machine)
    assert proxy.calls() == {"ListExecutions": 2}


def test_an_empty_bucket_throttles(proxy: QuotaProxy, machine: str) -> None:
    proxy.configure(quotas={"ListExecutions": [3, 0]})
    states = proxy.client()
    for _ in range(3):
        states.list_executions(stateMachineArn=machine)
    with pytest.raises(ClientError, match="ThrottlingException"):
        states.list_executions(stateMachineArn=machine)
    states.describe_state_machine(stateMachineArn=machine)
    assert proxy.stats()["ops"]["ListExecutions"]["throttled"] == 1


def test_a_rule_fires_when_it_says(proxy: QuotaProxy, machine: str) -> None:
    proxy.configure(faults=[{"fault": "denied", "op": "ListExecutions", "after": 1, "times": 1, "body": "order"}])
    states = proxy.client()
    states.list_executions(stateMachineArn=machine)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        states.list_executions(stateMachineArn=machine)
    assert len(states.list_executions(stateMachineArn=machine)["executions"]) == 10


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - ANSWERED - CUT))
def test_a_fault_reaches_the_client_as_an_error(proxy: QuotaProxy, machine: str, fault: str) -> None:
    proxy.configure(faults=[{"fault": fault, "op": "ListExecutions", "times": 1}])
    states = proxy.client()
    with pytest.raises((ClientError, BotoCoreError)):
        states.list_executions(stateMachineArn=machine)
    assert len(states.list_executions(stateMachineArn=machine)["executions"]) == 10


@pytest.mark.parametrize("fault", sorted(CUT))
def test_a_cut_answer_never_looks_whole(proxy: QuotaProxy, machine: str, fault: str) -> None:
    proxy.configure(faults=[{"fault": fault, "op": "ListExecutions"}])
    try:
        answered = proxy.client().list_executions(stateMachineArn=machine)
    except (ClientError, BotoCoreError):
        return
    assert "executions" not in answered


def test_a_token_expires(proxy: QuotaProxy, machine: str) -> None:
    proxy.configure(faults=[{"fault": "token_expired", "op": "ListExecutions"}])
    with pytest.raises(ClientError, match="InvalidToken"):
        pages(proxy.client(), machine)


def test_a_page_comes_again(proxy: QuotaProxy, standin: Standin, machine: str) -> None:
    first, second = pages(standin.states, machine)
    proxy.configure(faults=[{"fault": "repeat_page", "times": 1}])
    assert pages(proxy.client(), machine) == [first, first, second]


def test_pages_overlap(proxy: QuotaProxy, standin: Standin, machine: str) -> None:
    first, second = pages(standin.states, machine)
    proxy.configure(faults=[{"fault": "overlap", "n": 2}])
    assert pages(proxy.client(), machine) == [first, first[-2:] + second]


def test_an_empty_page_precedes_the_real_one(proxy: QuotaProxy, standin: Standin, machine: str) -> None:
    first, second = pages(standin.states, machine)
    proxy.configure(faults=[{"fault": "empty_page", "times": 1}])
    assert pages(proxy.client(), machine) == [[], first, second]


@pytest.mark.parametrize("fault", ["slow", "trickle"])
def test_a_slow_answer_is_whole(proxy: QuotaProxy, standin: Standin, machine: str, fault: str) -> None:
    proxy.configure(faults=[{"fault": fault, "seconds": 0.05}])
    assert pages(proxy.client(), machine) == pages(standin.states, machine)


def test_the_listing_lags(proxy: QuotaProxy, standin: Standin, machine: str) -> None:
    proxy.configure(list_lag_s=3_600)
    assert sum(map(len, pages(proxy.client(), machine))) == 9


def test_credentials_expire(proxy: QuotaProxy, machine: str) -> None:
    proxy.configure(token_valid_s=-1)
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        pages(proxy.client(), machine)


def test_an_unknown_fault_is_refused(proxy: QuotaProxy) -> None:
    with pytest.raises(ValueError, match="unknown fault"):
        proxy.configure(faults=[{"fault": "gremlin"}])
