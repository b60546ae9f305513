"""Where to collect from, and with whose credentials: the AWS CLI's own ways to say it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError
from botocore.session import Session as CoreSession

from collectors.refusals import typed
from store.errors import CredentialsError, MisuseError

SESSION_NAME = "stepscope"


@dataclass(frozen=True)
class Target:
    """An account and Region to collect from. What is None comes from the environment and ~/.aws, as in the AWS CLI.

    `machines` are the names that are wanted of it, all when there are none; `queue` is the URL of the SQS queue that
    gets its status changes.
    """

    region: str | None = None
    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    endpoint_url: str | None = None
    machines: tuple[str, ...] = ()
    queue: str | None = None

    @property
    def name(self) -> str:
        """What coverage and errors call it: profile or the role's account, and Region."""
        account = self.role_arn.split(":")[4] if self.role_arn and self.role_arn.count(":") >= 5 else None  # noqa: PLR2004 -- parts of an ARN
        return "/".join(filter(None, (self.profile, account, self.region))) or "default"


def session_of(target: Target, environ: Mapping[str, str] = os.environ) -> boto3.Session:
    """A session for the target, its role assumed when it has one; that role's credentials renew themselves.

    Raises `CredentialsError` for an unknown profile, `MisuseError` when nothing says which Region.
    """
    session = _own_session(target, environ)
    return _assumed(session, target, target.role_arn) if target.role_arn else session


def _own_session(target: Target, environ: Mapping[str, str]) -> boto3.Session:
    try:
        session = boto3.Session(
            profile_name=target.profile,
            # boto3 does not read AWS_REGION; the AWS CLI does, and before AWS_DEFAULT_REGION.
            region_name=target.region or (None if target.profile else environ.get("AWS_REGION")),
        )
        region = session.region_name
    except BotoCoreError as error:
        raise typed(error, target.name, "sign in") from error
    if region is None:
        raise MisuseError("no AWS Region is given", "Add --region, set AWS_REGION, or give the profile one.")
    return session


def _assumed(session: boto3.Session, target: Target, role_arn: str) -> boto3.Session:
    credentials = session.get_credentials()
    if credentials is None:
        raise CredentialsError(f"{target.name} has no credentials to assume {role_arn} with", target=target.name)
    core: Any = CoreSession()
    source: Any = session._session  # noqa: SLF001 -- boto3 gives no public way to assume a role with renewal
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=_sts_creator(source, target),
        source_credentials=credentials,
        role_arn=role_arn,
        extra_args={"RoleSessionName": SESSION_NAME}
        | ({"ExternalId": target.external_id} if target.external_id else {}),
    )
    core._credentials = DeferredRefreshableCredentials(  # noqa: SLF001 -- the same
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
    return boto3.Session(botocore_session=core, region_name=session.region_name)


def _sts_creator(source: Any, target: Target) -> Any:
    """What makes the client that assumes the role. An http:// endpoint is an emulator and answers for STS too."""
    emulator = target.endpoint_url if (target.endpoint_url or "").startswith("http://") else None

    def create(service: str, **arguments: Any) -> Any:
        return source.create_client(
            service,
            region_name=source.get_config_variable("region") or target.region,
            endpoint_url=emulator,
            **arguments,
        )

    return create
