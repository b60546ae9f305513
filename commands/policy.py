"""`stepscope policy`: the least that the caller must be allowed to do."""

from __future__ import annotations

import json
from typing import Any

import rich_click as click

from commands.session import Session, examples, pass_session

KMS = "Machines encrypted with a key of your own also need kms:Decrypt on that key."


@click.command()
@pass_session
@examples("stepscope policy > stepscope-policy.json")
def policy(session: Session) -> None:
    """Print the least-privilege IAM policy: the operations that `collect` calls, all of them read-only."""
    session.say(json.dumps(least_privilege(), indent=2))
    session.tell(KMS)


def least_privilege() -> dict[str, Any]:
    """The policy: every operation that the collectors call, and no other."""
    from collectors.pages import NEEDED
    from collectors.services import action_of

    actions = sorted(map(action_of, NEEDED))
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
