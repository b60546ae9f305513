from __future__ import annotations

import json
import re

from commands.policy import least_privilege
from tests.commands.running import done, ran, refusal
from tests.source import text


def test_what_is_printed_is_json_alone() -> None:
    assert json.loads(done(ran("policy"))) == least_privilege()


def test_it_is_that_of_the_readme() -> None:
    [written] = re.findall(r"```json\n(.+?)```", text("README.md"), re.DOTALL)
    assert json.loads(written) == least_privilege()


def test_it_only_reads() -> None:
    actions = [action for statement in least_privilege()["Statement"] for action in statement["Action"]]
    assert [
        action for action in actions if not re.match(r"\w+:(Describe|Get|List|Filter|StartQuery|StopQuery)", action)
    ] == []


def test_one_source_alone_needs_less_or_as_much() -> None:
    [statement] = least_privilege(["standard"])["Statement"]
    assert "states:GetExecutionHistory" in statement["Action"]
    assert {action.partition(":")[0] for action in statement["Action"]} == {"states"}


def test_a_source_that_is_none_is_refused() -> None:
    assert "there is no source called 'nope'" in refusal(ran("policy", "--source", "nope"), 2)


def test_keys_of_ones_own_are_mentioned_beside_it() -> None:
    assert "kms:Decrypt" in ran("policy").stderr
