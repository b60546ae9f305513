"""Options that say which accounts and Regions of AWS are meant, named as in the AWS CLI."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import rich_click as click

_OPTIONS = (
    click.option("--profile", metavar="NAME", help="Profile of the AWS CLI.  [default: its own choice]"),
    click.option("--region", "regions", multiple=True, metavar="REGION", help="AWS Region; may be repeated."),
    click.option("--role-arn", metavar="ARN", help="Role to assume first."),
    click.option("--endpoint-url", metavar="URL", help="Ask this address instead of AWS's."),
)


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command those options as `targets`: one `collectors.sessions.Target` for each Region."""

    @functools.wraps(command)
    def with_targets(*args: Any, **options: Any) -> Any:
        from collectors.sessions import Target

        regions = options.pop("regions") or (None,)
        shared = {name: options.pop(name) for name in ("profile", "role_arn", "endpoint_url")}
        return command(*args, targets=[Target(region, **shared) for region in regions], **options)

    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(_OPTIONS), with_targets)
