from __future__ import annotations

import json
import re

from commands.policy import least_privilege
from tests.commands.running import done, ran
from tests.source import text


def test_what_is_printed_is_json_alone() -> None:
    assert json.loads(done(ran("policy"))) == least_privilege()


def test_it_is_that_of_the_readme() -> None:
    [written] = re.findall(r"```json\n(.+?)```", text("README.md"), re.DOTALL)
    assert json.loads(written) == least_privilege()


def test_it_only_reads() -> None:
    [statement] = least_privilege()["Statement"]
    assert all(
        re.match(r"states:(Describe|Get|List)|logs:(Filter|Get|StartQuery)", action) for action in statement["Action"]
    )


def test_keys_of_ones_own_are_mentioned_beside_it() -> None:
    assert "kms:Decrypt" in ran("policy").stderr
