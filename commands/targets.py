"""Which accounts and Regions of AWS are meant: options named as in the AWS CLI, else the targets of the settings."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import rich_click as click

from commands.session import Session
from store.errors import MisuseError

if TYPE_CHECKING:
    from collectors.sessions import Target
    from store.settings import Settings

_OPTIONS = (
    click.option("--profile", metavar="NAME", help="Profile of the AWS CLI.  [default: its own choice]"),
    click.option("--region", "regions", multiple=True, metavar="REGION", help="AWS Region; may be repeated."),
    click.option("--role-arn", metavar="ARN", help="Role to assume first."),
    click.option("--external-id", metavar="ID", help="What that role wants to be told."),
    click.option("--endpoint-url", metavar="URL", help="Ask this address instead of AWS's."),
    click.option("--queue", metavar="URL", help="SQS queue with the status changes of one account and Region."),
)
_SHARED = ("profile", "role_arn", "external_id", "endpoint_url", "queue")


def target_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command those options as `targets`: one `collectors.sessions.Target` for each account and Region.

    Any of them replaces the targets of the settings.
    """

    @functools.wraps(command)
    def with_targets(*args: Any, **options: Any) -> Any:
        regions = options.pop("regions")
        shared = {name: options.pop(name) for name in _SHARED}
        if regions or any(shared.values()):
            return command(*args, targets=told_apart(_given(regions, shared)), **options)
        return command(*args, targets=targets_of(_settings()), **options)

    return functools.reduce(lambda wrapped, option: option(wrapped), reversed(_OPTIONS), with_targets)


def _settings() -> Settings | None:
    context = click.get_current_context()
    session = context.find_object(Session) if context else None
    return session.settings if session else None


def _given(regions: Sequence[str], shared: Mapping[str, Any], machines: tuple[str, ...] = ()) -> Iterator[Target]:
    from collectors.sessions import Target

    for region in regions or (None,):
        yield Target(region, machines=machines, **shared)


def targets_of(settings: Settings | None) -> list[Target]:
    """The targets that the settings name, each Region one of its own; without any, what the environment says."""
    written = settings.targets if settings else ()
    if not written:
        return list(_given((), {}))
    return told_apart(
        target
        for one in written
        for target in _given(one.regions, {name: getattr(one, name) for name in _SHARED}, one.machines)
    )


def told_apart(targets: Iterable[Target]) -> list[Target]:
    """The targets, given that each has a name and a queue of its own. Raises `MisuseError`."""
    found = list(dict.fromkeys(targets))
    for what, names in (
        ("are called", [target.name for target in found]),
        ("have the queue", [target.queue for target in found if target.queue]),
    ):
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise MisuseError(f"two targets {what} {twice}", "Give each its own profile, role or Region, and queue.")
    return found
