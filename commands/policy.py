"""`stepscope policy`: the least that the caller must be allowed to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import rich_click as click

from commands.session import Session, config_option, examples, pass_session, store_option

KMS = "Machines encrypted with a key of your own also need kms:Decrypt on that key."
S3 = "`stepscope import s3://…` also needs s3:ListBucket on that bucket and s3:GetObject on what is in it."


@click.command()
@click.option(
    "--source",
    "chosen",
    multiple=True,
    metavar="NAME",
    help="Only what this source calls; may be repeated.  [default: every source that `collect` uses]",
)
@click.option("--queue", "queues", multiple=True, metavar="URL", help="A queue that `collect --queue` reads.")
@store_option()
@config_option()
@pass_session
@examples("stepscope policy > stepscope-policy.json", "stepscope policy --source standard")
def policy(session: Session, chosen: tuple[str, ...], queues: tuple[str, ...]) -> None:
    """Print the least-privilege IAM policy: the operations that `collect` calls, and no other.

    All of them only read, except that messages of a queue are deleted once they are in the store. The queues are those
    of the settings and of --queue.
    """
    known = [target.queue for target in session.settings.targets if target.queue]
    session.say(json.dumps(least_privilege(chosen, [*known, *queues]), indent=2))
    session.tell(KMS)
    session.tell(S3)


def least_privilege(chosen: Sequence[str] = (), queues: Sequence[str] = ()) -> dict[str, Any]:
    """The policy: every operation that the chosen sources call, and no other. Raises `MisuseError`."""
    from collectors.policies import statements

    return {"Version": "2012-10-17", "Statement": statements(chosen, queues)}
