"""What a month would cost: the answers of `stepscope estimate`, from numbers that somebody types in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import NamedTuple

import msgspec

from analyzer import money
from analyzer.money import Amount
from analyzer.prices import DIGITS, Dimension, Price, PriceBook
from store.errors import MisuseError

_BYTES_IN_KB = 1_000

LOG_LEVELS = ("ALL", "ERROR", "FATAL", "OFF")

# An Express execution is stopped after five minutes (Step Functions quotas).
EXPRESS_LIMIT_MS = 300_000


class LogVolume(NamedTuple):
    """How an Express machine logs: its level, and the bytes that an execution writes at this level on average."""

    level: str
    bytes_per_execution: int


def log_volume(level: str | None, bytes_per_execution: int | None) -> LogVolume | None:
    """The volume of logs, when both parts of it are given; half of it tells nothing. Raises MisuseError."""
    if level is not None and level.upper() not in LOG_LEVELS:
        raise MisuseError(f"{level!r} is no log level.", f"The levels are {', '.join(LOG_LEVELS)}.")
    if level is None or bytes_per_execution is None:
        return None
    return LogVolume(level.upper(), money.count("The number of log bytes", bytes_per_execution))


class Rates(StrEnum):
    """Which of AWS's two tables of duration prices: the bill's by GB-second, or the pricing page's by GB-hour."""

    BILL = "bill"
    PAGE = "page"


_DURATION_OF: dict[Rates, Dimension] = {Rates.BILL: "express_gb_second", Rates.PAGE: "express_gb_hour"}


def memory_of_kb(definition_kb: Amount, payload_kb: Amount, map_steps: int = 1) -> Decimal:
    """The memory in MB of an execution that was never measured, by the published formula, from sizes in KB.

    A KB is a thousandth of a MB, as on the pricing page. Raises MisuseError for a size that is none.

    >>> memory_of_kb(50, 32, map_steps=400)
    Decimal('62.85')
    """
    definition, payload = _bytes_of("definition", definition_kb), _bytes_of("payload", payload_kb)
    return money.estimated_memory_mb(definition, payload, map_steps)


def _bytes_of(what: str, kilobytes: Amount) -> int:
    """A begun byte counts as one."""
    return math.ceil(money.amount(f"The size of the {what}", kilobytes) * _BYTES_IN_KB)


class _Terms(NamedTuple):
    currency: str
    checked: date
    source: str


class StandardEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """A month of one account's Standard transitions, its money unrounded."""

    transitions: int
    billed_transitions: int
    total_usd: Decimal
    price_checked: date
    price_source: str
    currency: str = "USD"

    def to_json(self) -> str:
        """One JSON object, its numbers exact and without an exponent; `currency` only when it is not USD."""
        return _json(self)


class ExpressEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """A month of equal Express executions in one Region of one account. Money is unrounded.

    `billed_duration_ms` and `billed_memory_mb` are those of one execution, `gb_seconds` those of all. `memory_mb` is
    there only when the published formula gave it.
    `price_checked` is the day of the price that was checked longest ago.
    """

    executions: int
    memory_mb: Decimal | None = None
    billed_duration_ms: int
    billed_memory_mb: int
    gb_seconds: Decimal
    requests_usd: Decimal
    duration_usd: Decimal
    logs_usd: Decimal | None = None
    total_usd: Decimal
    price_checked: date
    price_source: str
    currency: str = "USD"

    @property
    def too_long(self) -> bool:
        """Whether such an execution could not be Express at all: it is stopped after five minutes."""
        return self.billed_duration_ms > EXPRESS_LIMIT_MS

    def to_json(self) -> str:
        """One JSON object, its numbers exact and without an exponent; `logs_usd` only when the log volume was given."""
        return _json(self)

    def with_memory(self, memory_mb: Decimal) -> ExpressEstimate:
        """The same, and which memory the published formula gave."""
        return msgspec.structs.replace(self, memory_mb=memory_mb)


def standard_estimate(
    transitions: int, *, region: str, on: date, book: PriceBook, free_tier: bool = True
) -> StandardEstimate:
    """What a month of transitions costs. Raises PriceUnknownError, and MisuseError for a number that is none."""
    price = book.price(region, "standard_transition", on)
    transitions = money.count("The number of transitions", transitions)
    terms = _terms([price])
    return StandardEstimate(
        transitions=transitions,
        billed_transitions=money.billed_transitions(transitions) if free_tier else transitions,
        total_usd=money.standard_cost(transitions, price, free_tier=free_tier),
        price_checked=terms.checked,
        price_source=terms.source,
        currency=terms.currency,
    )


def express_estimate(  # noqa: PLR0913 -- each is something that somebody types in
    executions: int,
    duration_ms: Amount,
    memory_mb: Amount,
    *,
    region: str,
    on: date,
    book: PriceBook,
    logs: LogVolume | None = None,
    rates: Rates = Rates.BILL,
) -> ExpressEstimate:
    """What a month of equal Express executions costs, with their logs when `logs` tells how much they write.

    `rates` are the bill's, by GB-second, or those of the pricing page, to follow its worked examples.
    Raises PriceUnknownError, and MisuseError for a number that is none.
    """
    executions = money.count("The number of executions", executions)
    request, duration = book.price(region, "express_request", on), book.price(region, _DURATION_OF[rates], on)
    log_price = book.price(region, "log_gb", on) if logs and logs.level != "OFF" else None
    cost = money.express_cost(executions, duration_ms, memory_mb, request=request, duration=duration)
    logs_usd = _logs_cost(executions, logs, log_price)
    terms = _terms([request, duration, log_price])
    with localcontext(prec=DIGITS):
        total = cost.total + (logs_usd or 0)
    return ExpressEstimate(
        executions=executions,
        billed_duration_ms=money.billed_duration_ms(duration_ms),
        billed_memory_mb=money.billed_memory_mb(memory_mb),
        gb_seconds=money.gb_seconds(executions * money.chunks(duration_ms, memory_mb)),
        requests_usd=cost.requests,
        duration_usd=cost.duration,
        logs_usd=logs_usd,
        total_usd=total,
        price_checked=terms.checked,
        price_source=terms.source,
        currency=terms.currency,
    )


def _logs_cost(executions: int, logs: LogVolume | None, price: Price | None) -> Decimal | None:
    """Nothing when the volume is not known; zero at level OFF, which writes no log whatever volume was named."""
    if logs is None:
        return None
    return money.log_cost(executions * logs.bytes_per_execution, price) if price else Decimal(0)


def _terms(prices: Sequence[Price | None]) -> _Terms:
    """What several prices have in common: their currency, the oldest check among them, and all their sources."""
    used = [price for price in prices if price]
    sources = dict.fromkeys(price.source for price in used)
    return _Terms(used[0].currency, min(price.checked for price in used), " | ".join(sources))


def _json(estimate: msgspec.Struct) -> str:
    fields = {name: value for name, value in msgspec.structs.asdict(estimate).items() if value is not None}
    if fields["currency"] == "USD":
        del fields["currency"]
    return json_of(fields)


def json_of(fields: Mapping[str, object]) -> str:
    """One JSON object, its decimals exact and without an exponent."""
    plain = {name: _plain(value) if isinstance(value, Decimal) else value for name, value in fields.items()}
    return msgspec.json.encode(plain).decode()


def _plain(exact: Decimal) -> msgspec.Raw:
    """A Decimal as a JSON number: all its digits, no zeros after them, no exponent. A float could not hold them."""
    digits = f"{exact:f}"
    return msgspec.Raw((digits.rstrip("0").rstrip(".") if "." in digits else digits).encode())
