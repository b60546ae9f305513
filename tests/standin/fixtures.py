"""The stand-in and its proxy as fixtures; tests/conftest.py hands them to every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.standin.handle import QuotaProxy, Standin


@pytest.fixture(scope="session")
def standin_server() -> Iterator[Standin]:
    """One server for the session: starting it takes seconds."""
    server = Standin()
    yield server
    server.stop()


@pytest.fixture
def standin(standin_server: Standin) -> Standin:
    """The stand-in, empty."""
    standin_server.reset()
    return standin_server


@pytest.fixture(scope="session")
def proxy_server(standin_server: Standin) -> Iterator[QuotaProxy]:
    """One proxy for the session, in front of the server."""
    server = QuotaProxy(standin_server.endpoint, seed=1)
    yield server
    server.stop()


@pytest.fixture
def proxy(proxy_server: QuotaProxy, standin: Standin) -> QuotaProxy:
    """A proxy in front of the empty stand-in: published quotas with full buckets, no fault, nothing counted."""
    proxy_server.reset()
    return proxy_server
