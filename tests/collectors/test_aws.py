"""boto3 against a server that answers as AWS does on good and on bad days."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from collectors.aws import AwsApi, Connector
from collectors.connections import Connection
from collectors.pages import pages
from collectors.quota import Quota
from collectors.sessions import Target
from store.errors import (
    AwsError,
    CredentialsError,
    CutAnswerError,
    DeniedError,
    ExpiredHistoryError,
    ListingExpiredError,
    MisuseError,
    RefusedError,
    UnreachableError,
)
from tests.standin.handle import REGION, QuotaProxy, Standin

Executions = Callable[..., str]


@pytest.fixture(autouse=True)
def no_waiting(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.api, "_sleep", lambda seconds: None)


def listed(connection: Connection, machine: str) -> list[str]:
    found = pages(connection.api, "ListExecutions", "executions", stateMachineArn=machine)
    return [str(row["name"]) for page in found for row in page]


def test_a_listing_comes_in_pages_of_a_thousand(
    connection: Connection, proxy: QuotaProxy, executions: Executions
) -> None:
    machine = executions(2_300)
    assert sorted(listed(connection, machine)) == [f"run-{number:05d}" for number in range(2_300)]
    assert proxy.calls() == {"ListExecutions": 3}
    assert connection.meter.calls == {"ListExecutions": 3}


@pytest.mark.parametrize("fault", ["bad_json", "truncate"])
def test_a_cut_answer_is_asked_for_again(
    connection: Connection, proxy: QuotaProxy, executions: Executions, fault: str
) -> None:
    machine = executions(1_500)
    proxy.configure(faults=[{"fault": fault, "op": "ListExecutions", "after": 1, "times": 2}])
    assert len(listed(connection, machine)) == 1_500


@pytest.mark.parametrize("fault", ["bad_json", "truncate"])
def test_an_answer_that_stays_cut_is_no_empty_one(
    connection: Connection, proxy: QuotaProxy, executions: Executions, fault: str
) -> None:
    machine = executions(1)
    proxy.configure(faults=[{"fault": fault, "op": "ListExecutions"}])
    with pytest.raises(CutAnswerError, match="cut the answer to ListExecutions short, 4 times over") as raised:
        listed(connection, machine)
    assert (raised.value.operation, raised.value.target) == ("ListExecutions", REGION)


@pytest.mark.parametrize("fault", ["overlap", "empty_page", "repeat_page"])
def test_pages_may_overlap_be_empty_or_come_twice(
    connection: Connection, proxy: QuotaProxy, executions: Executions, fault: str
) -> None:
    machine = executions(1_500)
    proxy.configure(faults=[{"fault": fault, "op": "ListExecutions", "times": 2}])
    assert set(listed(connection, machine)) == {f"run-{number:05d}" for number in range(1_500)}


def test_an_expired_token_begins_the_listing_again_once(
    connection: Connection, proxy: QuotaProxy, executions: Executions
) -> None:
    machine = executions(1_500)
    proxy.configure(faults=[{"fault": "token_expired", "op": "ListExecutions", "times": 1}])
    assert set(listed(connection, machine)) == {f"run-{number:05d}" for number in range(1_500)}
    proxy.configure(faults=[{"fault": "token_expired", "op": "ListExecutions"}])
    with pytest.raises(ListingExpiredError):
        listed(connection, machine)


SAID: list[tuple[dict[str, Any], type[AwsError], str]] = [
    ({"fault": "denied"}, DeniedError, "Allow states:ListStateMachines; `stepscope policy` prints the whole policy."),
    ({"fault": "expired"}, CredentialsError, "Renew them"),
    ({"fault": "html"}, UnreachableError, "Wait a while"),
    ({"fault": "drop"}, UnreachableError, "Check the network"),
    ({"fault": "error", "code": "ValidationException", "status": 400}, RefusedError, ""),
]


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("rule", "kind", "hint"), SAID, ids=[rule["fault"] for rule, _, _ in SAID])
def test_what_lasts_is_an_error_of_its_own(
    connection: Connection, proxy: QuotaProxy, rule: dict[str, Any], kind: type[AwsError], hint: str
) -> None:
    connection.api.call("ListStateMachines", maxResults=1_000)
    proxy.configure(faults=[rule | {"op": "ListStateMachines"}])
    with pytest.raises(kind) as raised:
        connection.api.call("ListStateMachines", maxResults=1_000)
    assert raised.value.hint.startswith(hint)
    assert REGION in raised.value.sentence
    assert "ListStateMachines" in raised.value.sentence


@pytest.mark.usefixtures("hurried")
def test_what_passes_is_no_error(connection: Connection, proxy: QuotaProxy) -> None:
    faults = [{"fault": fault, "times": 1} for fault in ("throttle", "html", "drop", "drop_after", "reset", "bad_json")]
    proxy.configure(faults=faults)
    for _ in faults:
        assert connection.api.call("ListStateMachines")["stateMachines"] == []
    assert connection.meter.throttled == 1


def test_an_execution_that_is_gone_has_expired(connection: Connection, executions: Executions) -> None:
    arn = executions(0).replace(":stateMachine:", ":execution:") + ":long-ago"
    with pytest.raises(ExpiredHistoryError, match="no longer holds"):
        connection.api.call("GetExecutionHistory", executionArn=arn, maxResults=1_000)


def test_an_endpoint_that_never_answers_is_soon_given_up() -> None:
    begun = time.monotonic()
    nobody = Connector()(Target(region=REGION, endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(UnreachableError, match="did not answer ListStateMachines"):
        nobody.api.call("ListStateMachines")
    assert time.monotonic() - begun < 10


def test_each_operation_has_a_client_of_its_own(connection: Connection) -> None:
    assert isinstance(connection.api, AwsApi)
    connection.api.call("ListStateMachines")
    clients = connection.api._clients
    assert len({id(client) for client in clients.values()}) == len(clients)
    retries = clients["ListStateMachines"].meta.config.retries
    assert (retries["mode"], retries["total_max_attempts"]) == ("adaptive", 11)


def test_a_connection_is_kept_and_its_meter_starts_anew(connect: Connector, target: Target) -> None:
    known = connect(target)
    known.api.call("ListStateMachines")
    again = connect(target)
    assert again is known
    assert not again.meter.calls


def test_calls_keep_to_the_share_of_the_quota(proxy: QuotaProxy, standin: Standin) -> None:
    proxy.configure(quotas={"ListStateMachines": [40, 200]})
    paced = Connector(0.5, {"ListStateMachines": Quota(40, 200)})(Target(REGION, endpoint_url=proxy.endpoint))
    paced.api.call("ListStateMachines")
    begun = time.monotonic()
    for _ in range(119):
        paced.api.call("ListStateMachines")
    took = time.monotonic() - begun
    assert took >= (120 - 20) / 100 * 0.9
    assert paced.meter.throttled == 0


def test_no_region_is_misuse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_REGION", raising=False)
    with pytest.raises(MisuseError, match="no AWS Region"):
        Connector()(Target())


@pytest.mark.parametrize(
    ("endpoint", "states", "logs"),
    [
        ("http://127.0.0.1:5001", "http://127.0.0.1:5001", "http://127.0.0.1:5001"),
        (
            "https://vpce-1.states.eu-west-1.vpce.amazonaws.com",
            "https://vpce-1.states.eu-west-1.vpce.amazonaws.com",
            "",
        ),
        (None, "", ""),
    ],
)
def test_an_address_is_that_of_step_functions_unless_it_is_an_emulator(
    endpoint: str | None, states: str, logs: str
) -> None:
    api: Any = Connector()(Target("eu-west-1", endpoint_url=endpoint)).api
    urls = [api._client(operation).meta.endpoint_url for operation in ("ListExecutions", "FilterLogEvents")]
    assert urls[0] == (states or "https://states.eu-west-1.amazonaws.com")
    assert urls[1] == (logs or "https://logs.eu-west-1.amazonaws.com")


def test_refused_credentials_are_read_anew_for_the_next_pass_and_the_quota_goes_on(
    target: Target, proxy: QuotaProxy
) -> None:
    connector = Connector()
    first = connector(target)
    assert connector(target).api is first.api
    proxy.configure(faults=[{"fault": "expired", "op": "ListStateMachines"}])
    with pytest.raises(CredentialsError):
        first.api.call("ListStateMachines")
    proxy.configure(faults=[])
    second = connector(target)
    assert second.api is not first.api
    assert second.budget is first.budget
    assert second.api.call("ListStateMachines")["stateMachines"] == []


PARTITIONS = {
    "cn-north-1": "https://states.cn-north-1.amazonaws.com.cn",
    "us-gov-west-1": "https://states.us-gov-west-1.amazonaws.com",
    "eusc-de-east-1": "https://states.eusc-de-east-1.amazonaws.eu",
}


@pytest.mark.parametrize("region", PARTITIONS)
def test_each_partition_has_its_own_address(region: str) -> None:
    api: Any = Connector()(Target(region)).api
    assert api._client("ListExecutions").meta.endpoint_url == PARTITIONS[region]
