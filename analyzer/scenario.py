"""What a month of a workload that nobody has run yet would cost, as Standard and as Express: the answer to what if."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

import msgspec

from analyzer import money
from analyzer.estimates import (
    EXPRESS_LIMIT_MS,
    ExpressEstimate,
    StandardEstimate,
    express_estimate,
    json_of,
    log_volume,
    standard_estimate,
)
from analyzer.prices import PriceBook
from analyzer.replay import LOG_BYTES_PER_EVENT
from store.errors import MisuseError, PriceUnknownError

STATES_OF_A_POLL = 3
"""A Wait, the call that asks, the Choice."""

EVENTS_OF_VISIT, EVENTS_OF_TRY = 2, 3
"""Events that a log at level ALL has of each: entered and exited; scheduled, started and ended."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A month of equal executions in one Region.

    `states` are the visits of one execution, polling left out; `retries` its tries after the first, on average.
    `items` go through a Distributed Map, `batch` of them to a child execution (whose own states are not in here). What
    is waited for takes `poll_for_s` and is asked for every `poll_every_s`; 0 is no polling.
    """

    executions: int = 100_000
    states: int = 8
    retries: float = 0
    duration_ms: float = 1_000
    memory_mb: float = 64
    log_level: str = "OFF"
    items: int = 0
    batch: int = 1
    poll_for_s: float = 0
    poll_every_s: float = 0
    region: str = "us-east-1"

    @property
    def polls(self) -> int:
        """How often one execution asks."""
        return ceil(Fraction(str(self.poll_for_s)) / Fraction(str(self.poll_every_s))) if self.poll_every_s else 0

    @property
    def children(self) -> int:
        """Child executions that the Distributed Map of one execution starts."""
        return -(-self.items // max(self.batch, 1))

    @property
    def transitions(self) -> int:
        """Billable transitions of the month as Standard, rounded to a whole one."""
        fixed = self.states + self.polls * STATES_OF_A_POLL + self.children
        return self.executions * fixed + round(self.executions * Fraction(str(self.retries)))

    @property
    def total_ms(self) -> Decimal:
        """How long one execution takes, the waiting between polls included."""
        waited = Decimal(str(self.poll_every_s)) * self.polls
        return money.amount("The duration", self.duration_ms) + 1_000 * waited

    @property
    def log_bytes(self) -> int:
        """Bytes that one execution logs: at ALL every event, at ERROR those of its retries, else none."""
        visits = self.states + self.polls * STATES_OF_A_POLL
        tries = Fraction(str(self.retries))
        events = {"ALL": visits * (EVENTS_OF_VISIT + EVENTS_OF_TRY) + tries * EVENTS_OF_TRY, "ERROR": tries}
        return ceil(events.get(self.log_level.upper(), 0) * LOG_BYTES_PER_EVENT)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a scenario costs a month; None and a reason where it has no price or cannot be.

    `standard_usd` is after the free tier, as if the account ran nothing else.
    """

    transitions: int
    standard_usd: Decimal | None
    express_usd: Decimal | None
    express_requests_usd: Decimal | None
    express_duration_usd: Decimal | None
    logs_usd: Decimal | None
    obstacle: str
    note: str

    def to_json(self) -> str:
        """One JSON object, its money unrounded, and without what is not known."""
        fields = {**msgspec.structs.asdict(self), "cheaper_type": self.cheaper}
        return json_of({name: value for name, value in fields.items() if value not in (None, "")})

    @property
    def cheaper(self) -> str:
        """STANDARD or EXPRESS, whichever costs less and can be; empty where one is not known."""
        if self.obstacle:
            return "STANDARD"
        if self.standard_usd is None or self.express_usd is None:
            return ""
        return "EXPRESS" if self.express_usd < self.standard_usd else "STANDARD"


def outcome(scenario: Scenario, on: date, book: PriceBook) -> Outcome:
    """What a scenario costs. Raises MisuseError for numbers that cannot be meant."""
    _check(scenario)
    standard, express = _standard(scenario, on, book), _express(scenario, on, book)
    why = next((found for found in (express, standard) if isinstance(found, str)), "")
    priced = f"estimate: list prices of {scenario.region} on {on}; Standard after the free tier of an account"
    in_parts = express if isinstance(express, ExpressEstimate) else None
    return Outcome(
        transitions=scenario.transitions,
        standard_usd=standard.total_usd if isinstance(standard, StandardEstimate) else None,
        express_usd=in_parts.total_usd if in_parts else None,
        express_requests_usd=in_parts.requests_usd if in_parts else None,
        express_duration_usd=in_parts.duration_usd if in_parts else None,
        logs_usd=in_parts.logs_usd if in_parts else None,
        obstacle=_obstacle(scenario),
        note=why or priced,
    )


def _standard(scenario: Scenario, on: date, book: PriceBook) -> StandardEstimate | str:
    try:
        return standard_estimate(scenario.transitions, region=scenario.region, on=on, book=book)
    except PriceUnknownError as unknown:
        return unknown.sentence


def _express(scenario: Scenario, on: date, book: PriceBook) -> ExpressEstimate | str:
    count, ms, mb = scenario.executions, scenario.total_ms, scenario.memory_mb
    logs = log_volume(scenario.log_level, scenario.log_bytes)
    try:
        return express_estimate(count, ms, mb, region=scenario.region, on=on, book=book, logs=logs)
    except PriceUnknownError as unknown:
        return unknown.sentence


def _check(scenario: Scenario) -> None:
    for name in ("executions", "states", "items", "batch"):
        money.count(f"The number of {name}", getattr(scenario, name))
    for name in ("retries", "poll_for_s", "poll_every_s"):
        money.amount(f"The value of {name.removesuffix('_s').replace('_', ' ')}", getattr(scenario, name))
    if scenario.poll_for_s and not scenario.poll_every_s:
        raise MisuseError("What is polled for is asked for every so many seconds.", "Say how many, more than 0.")


def _obstacle(scenario: Scenario) -> str:
    """Why it cannot be Express; empty when it can."""
    if scenario.items:
        return "Express has no Distributed Map."
    if scenario.total_ms > EXPRESS_LIMIT_MS:
        return "Express ends after 5 minutes."
    return ""
