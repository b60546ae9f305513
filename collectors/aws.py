"""AWS through boto3: one client per operation, paced below the quota, every answer checked for being whole."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.exceptions import ConnectionError as NoConnectionError

from collectors.connections import THREADS, Connection, Meter
from collectors.pages import is_whole
from collectors.quota import Budget, Quota
from collectors.refusals import is_throttle, typed
from collectors.services import STATES, Service, service_of
from collectors.sessions import Target, session_of
from store.errors import CredentialsError, CutAnswerError

CUT_ANSWER_WAITS = (0.2, 1.0, 3.0)
"""Seconds before each further try after a cut answer. What cuts answers (a proxy, a lost packet) rarely lasts."""

TRIES_BEFORE_FIRST_ANSWER = 3
"""An endpoint that has never answered is soon given up: a wrong Region or no network does not heal by waiting."""


class AwsApi:
    """An `Api` that asks AWS. Safe for any number of threads. `is_refused` says that its credentials were, once."""

    def __init__(
        self,
        session: Any,
        target: Target,
        budget: Budget,
        meter: Meter,
        threads: int = THREADS,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._session, self._target = session, target
        self._budget, self._meter, self._sleep = budget, meter, sleep
        self._config = Config(
            retries={"mode": "adaptive", "max_attempts": 10},
            max_pool_connections=threads,
            user_agent_extra="stepscope",
        )
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._answered = False
        self.is_refused = False

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """The answer, once it is whole. Raises a `store.errors.AwsError`."""
        for wait in (*CUT_ANSWER_WAITS, None):
            answer = self._answer(operation, parameters)
            if is_whole(operation, answer):
                self._answered = True
                return answer
            if wait is not None:
                self._sleep(wait)
        raise CutAnswerError(
            f"{self._target.name} cut the answer to {operation} short, {len(CUT_ANSWER_WAITS) + 1} times over",
            "Run it again; if it stays, something between here and AWS cuts answers.",
            self._target.name,
            operation,
        )

    def _answer(self, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        self._budget.take(operation)
        try:
            answer: dict[str, Any] = getattr(self._client(operation), xform_name(operation))(**parameters)
        except (BotoCoreError, ClientError) as error:
            refusal = typed(error, self._target.name, operation)
            self.is_refused = self.is_refused or isinstance(refusal, CredentialsError)
            raise refusal from error
        return answer

    def _client(self, operation: str) -> Any:
        """The operation's own client: an adaptive client that two operations share loses two fifths of its speed."""
        with self._lock:
            if operation not in self._clients:
                self._clients[operation] = self._new_client(operation)
            return self._clients[operation]

    def _new_client(self, operation: str) -> Any:
        service = service_of(operation)
        client = self._session.client(service.client, endpoint_url=self._endpoint_of(service), config=self._config)
        events = client.meta.service_model.service_id.hyphenize()

        def sent(**_: Any) -> None:
            self._meter.sent(operation)

        client.meta.events.register(f"before-send.{events}", sent)
        client.meta.events.register_first(f"needs-retry.{events}", self._look_at_answer)
        return client

    def _endpoint_of(self, service: Service) -> str | None:
        """An endpoint that was given is that of Step Functions; an http:// one is an emulator's and answers for all."""
        given = self._target.endpoint_url
        return given if service == STATES or (given or "").startswith("http://") else None

    def _look_at_answer(self, attempts: int, response: Any = None, caught_exception: Any = None, **_: Any) -> None:
        """Counts throttles; ends the retries of an endpoint that was never reached."""
        if response is not None and is_throttle(str(response[1].get("Error", {}).get("Code", ""))):
            self._meter.slowed()
        never_reached = isinstance(caught_exception, NoConnectionError) and not self._answered
        if never_reached and attempts >= TRIES_BEFORE_FIRST_ANSWER:
            raise caught_exception


class Connector:
    """Connects targets, and keeps clients and token buckets from one pass to the next."""

    def __init__(
        self, quota_share: float = 1.0, quotas: Mapping[str, Quota] | None = None, threads: int = THREADS
    ) -> None:
        self._share, self._quotas, self._threads = quota_share, dict(quotas or {}), threads
        self._connections: dict[Target, Connection] = {}
        self._apis: dict[Target, AwsApi] = {}

    def __call__(self, target: Target) -> Connection:
        """The connection to this target, made anew when its credentials were refused: they may have been renewed since.

        Raises `CredentialsError`, or `MisuseError` when it has no Region.
        """
        if target not in self._connections or self._apis[target].is_refused:
            self._connections[target] = self._connected(target)
        known = self._connections[target]
        known.meter.reset()
        return known

    def _connected(self, target: Target) -> Connection:
        session = session_of(target)
        placed = replace(target, region=session.region_name)
        known = self._connections.get(target)
        budget = known.budget if known and known.budget else Budget(session.region_name, self._share, self._quotas)
        meter = Meter()
        self._apis[target] = AwsApi(session, placed, budget, meter, self._threads)
        return Connection(placed.name, self._apis[target], meter, budget)
