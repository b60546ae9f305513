"""The template: what CloudFormation would say of it, and that it allows and runs what Stepscope needs and no more."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cfnlint.api import lint_file
from cfnlint.decode.cfn_yaml import loads

from collectors.policies import statements
from collectors.status_changes import KIND, SOURCE
from commands.collect import collect
from tests.source import ROOT, text

NAME = "deploy/cloudformation.yaml"


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(loads(text(NAME))))["Resources"]
    return found


def properties(resources: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = resources[name]["Properties"]
    return found


def allowed(policy: dict[str, Any]) -> set[str]:
    """The actions of a policy."""
    return {action for one in policy["PolicyDocument"]["Statement"] for action in _list(one["Action"])}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_the_rules_of_cloudformation_have_nothing_against_it() -> None:
    assert [str(found) for found in lint_file(ROOT / NAME)] == []


def test_the_task_may_do_what_the_policy_says_and_no_more(resources: dict[str, Any]) -> None:
    reads, takes = statements((), ["https://sqs.eu-west-1.amazonaws.com/111122223333/q"])
    inline = {policy["PolicyName"]: policy for policy in properties(resources, "TaskRole")["Policies"]}
    assert allowed(inline["collect"]) == set(reads["Action"])
    assert allowed(properties(resources, "QueuePolicyOfTask")) == set(takes["Action"])
    assert allowed(inline["store"]) == {"elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"}
    assert sorted(inline) == ["collect", "store"]


def test_only_what_lists_is_for_every_resource(resources: dict[str, Any]) -> None:
    policies = [policy for one in resources.values() for policy in one.get("Properties", {}).get("Policies", ())]
    statements_of = [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]
    assert [one["Action"] for one in statements_of if one["Resource"] == "*"] == [statements()[0]["Action"]]


@pytest.mark.parametrize("branch", [1, 2])
def test_its_commands_are_understood(resources: dict[str, Any], branch: int) -> None:
    [container] = properties(resources, "TaskDefinition")["ContainerDefinitions"]
    line = container["Command"]["Fn::If"][branch]["Fn::Split"][1]["Fn::Sub"]
    filled = {"${Options}": "--since,90d", "${Every}": "15m", "${Queue}": "https://sqs/1/q"}
    for name, value in filled.items():
        line = line.replace(name, value)
    command, *words = line.split(",")
    assert command == "collect"
    assert collect.make_context(command, words, obj=None, resilient_parsing=True) is not None
    assert [word for word in words if word.startswith("--") and word not in known_options()] == []


def known_options() -> set[str]:
    return {name for option in collect.params for name in option.opts}


def test_the_queue_gets_the_events_that_are_read(resources: dict[str, Any]) -> None:
    pattern = properties(resources, "Rule")["EventPattern"]
    assert pattern == {"source": [SOURCE], "detail-type": [KIND]}


def test_the_store_belongs_to_the_user_of_the_image_and_outlives_the_stack(resources: dict[str, Any]) -> None:
    assert resources["FileSystem"]["DeletionPolicy"] == "Retain"
    user = properties(resources, "AccessPoint")["PosixUser"]
    assert f"USER {user['Uid']}:{user['Gid']}" in text("deploy/Containerfile")


def test_there_is_never_more_than_one_continuous_task(resources: dict[str, Any]) -> None:
    service = properties(resources, "Service")
    assert (service["DesiredCount"], service["DeploymentConfiguration"]["MaximumPercent"]) == (1, 100)


def test_every_partition_will_do() -> None:
    assert "arn:aws:" not in text(NAME)
