from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from collectors.sessions import Target, _sts_creator, session_of
from store.errors import CredentialsError, MisuseError
from tests.standin.handle import REGION, Standin

ROLE = "arn:aws:iam::210987654321:role/reader"


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text("[profile prod]\nregion = eu-west-1\n[profile bare]\n")
    credentials.write_text("[prod]\naws_access_key_id = PROD\naws_secret_access_key = x\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (Target(), "default"),
        (Target("eu-west-1"), "eu-west-1"),
        (Target("eu-west-1", "prod"), "prod/eu-west-1"),
        (Target("eu-west-1", "prod", ROLE), "prod/210987654321/eu-west-1"),
        (Target("eu-west-1", role_arn="reader"), "eu-west-1"),
    ],
)
def test_a_target_is_called_by_what_the_user_gave(target: Target, name: str) -> None:
    assert target.name == name


@pytest.mark.usefixtures("profiles")
def test_a_profile_has_its_region_and_keys() -> None:
    session = session_of(Target(profile="prod"), {"AWS_REGION": "us-east-1"})
    credentials = session.get_credentials()
    assert session.region_name == "eu-west-1"
    assert credentials is not None
    assert credentials.access_key == "PROD"


def test_a_region_is_looked_for_where_the_cli_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    assert session_of(Target("ap-northeast-2"), {"AWS_REGION": "us-west-2"}).region_name == "ap-northeast-2"
    assert session_of(Target(), {"AWS_REGION": "us-west-2"}).region_name == "us-west-2"
    assert session_of(Target(), {}).region_name == "eu-central-1"


@pytest.mark.usefixtures("profiles")
def test_a_profile_that_is_not_there_is_said() -> None:
    with pytest.raises(CredentialsError, match="nobody"):
        session_of(Target("eu-west-1", "nobody"))
    with pytest.raises(MisuseError, match="no AWS Region"):
        session_of(Target(profile="bare"), {})


def test_a_role_is_assumed_when_its_credentials_are_needed(standin: Standin) -> None:
    session = session_of(Target(REGION, role_arn=ROLE, external_id="let-me-in", endpoint_url=standin.endpoint))
    credentials = session.get_credentials()
    assert credentials is not None
    assert credentials.get_frozen_credentials().token


def test_a_role_needs_credentials_to_be_assumed_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    with pytest.raises(CredentialsError, match="no credentials to assume"):
        session_of(Target(REGION, role_arn=ROLE))


def test_only_an_emulator_answers_for_sts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        "botocore.session.Session.create_client", lambda self, service, **named: asked.append(named["endpoint_url"])
    )
    session: Any = session_of(Target(REGION))
    for endpoint in ("http://127.0.0.1:1", "https://vpce-1.states.eu-west-1.vpce.amazonaws.com", None):
        _sts_creator(session._session, Target(REGION, endpoint_url=endpoint))("sts")
    assert asked == ["http://127.0.0.1:1", None, None]
