"""What is run to be recorded: the machines, how their functions behave in each phase, how many runs of what.

A phase scripts the functions, then its runs happen. `plan.py` says which phase's recordings stand for which days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

REGION, ACCOUNT = "us-east-1", "123456789012"
LOG_GROUP = "/aws/vendedlogs/states/checkout-api"

Behaviour = dict[str, Any]


@dataclass(frozen=True)
class Runs:
    """Some runs of one machine, alike in their input.

    `once`: the plan uses each of these recordings a single time, because such runs are rare. `ending`: they end by
    themselves ("own"), or `after_s` on the stand-in's clock are aborted ("stopped") or recorded as they are ("left").
    """

    machine: str
    count: int
    input: dict[str, Any] = field(default_factory=dict)
    once: bool = False
    ending: str = "own"
    after_s: float = 0.0


@dataclass(frozen=True)
class Phase:
    """A time in which the functions behave alike: what changes against the phase before, and the runs in it."""

    name: str
    functions: dict[str, Behaviour]
    runs: tuple[Runs, ...]
    deploys: dict[str, str] = field(default_factory=dict)
    """Machines that get a new revision when the phase begins, with the file of its definition."""


MACHINES = {
    "order-processing": "order-processing.1",
    "image-pipeline": "image-pipeline",
    "recommendation": "recommendation",
    "checkout-api": "checkout-api",
    "coupon-issue": "coupon-issue",
    "refund-approval": "refund-approval",
    "catalog-import": "catalog-import",
    "nightly-report": "nightly-report",
    "settlement-calc": "settlement-calc",
    "settlement": "settlement",
    "photo-rebuild": "photo-rebuild",
}
"""Machine to the file of its first definition; a child stands before its parent."""

TEAMS = {
    "order-processing": "payments",
    "refund-approval": "payments",
    "settlement": "payments",
    "settlement-calc": "payments",
    "image-pipeline": "media",
    "photo-rebuild": "media",
}
"""The value of the tag `team`; the shop's own team has the rest."""

EXPRESS = "checkout-api"
VERSIONED = "order-processing"
QUEUES = ("back-orders", "warehouse", "import-problems")
TOPICS = ("on-call", "reports")
TABLE = "image-metadata"

PAYMENT_TIMEOUT = ["PaymentTimeout", "PG 응답 시간 초과: 3000ms 안에 응답이 없습니다 (거래번호 {id})"]
DECLINED = ["CardDeclined", "Card declined by issuer: insufficient funds (payment {id})"]
NO_ADDRESS = ["ValidationError", "order {id}: missing field 'shippingAddress'"]
OUT_OF_STOCK = ["OutOfStock", "SKU {id}: 0 of 2 left in warehouse icn1"]
STOCK_DOWN = ["StockServiceUnavailable", "connect ECONNREFUSED 10.0.3.17:5432"]
MAILBOX_BUSY = ["MailboxBusy", "451 4.3.2 Please try again later (message {id})"]
NO_CURRENCY = ["TypeError", "Cannot read properties of undefined (reading 'currency')"]
SLOW_DOWN = [
    "SlowDown",
    "An error occurred (SlowDown) when calling the PutObject operation: Please reduce your request rate.",
]
BAD_IMAGE = ["ImageDecodeError", "cannot identify image file '/tmp/{id}.heic'"]
OUT_OF_MEMORY = ["MemoryExceeded", "RequestId: {id} Error: Runtime exited with error: signal: killed"]
NO_PROFILE = ["ProfileNotFound", "visitor {id} has no profile yet"]
BAD_PROFILE = ["ProfileSchemaError", "profile {id}: unexpected field 'consent_v2' (schema 14)"]
NO_CARRIER = ["CarrierUnavailable", "배송사 조회 실패: 503 Service Unavailable (요청 {id})"]
BAD_COUPON = ["CouponExpired", "coupon {id} expired yesterday"]
COUPON_BUSY = ["CouponServiceBusy", "too many open connections ({id})"]
BANK_DOWN = ["BankUnavailable", "은행 점검 시간입니다 (23:30-00:30)"]
BAD_RATE = ["UnknownCurrency", "no rate for 'XBT' in item {id}"]
THROUGHPUT = ["ThroughputExceeded", "The level of configured provisioned throughput for the table was exceeded"]
NO_WAREHOUSE = ["WarehouseBusy", "query queue is full, retry later (ticket {id})"]
NO_EXCHANGE = ["ExchangeUnavailable", "환율 서버가 응답하지 않습니다"]
BAD_FEE = ["FeeTableMissing", "수수료 표에 '{id}' 가맹점이 없습니다"]
BAD_PHOTO = ["ImageDecodeError", "cannot identify image file '/tmp/{id}.jpg'"]

USUAL: dict[str, Behaviour] = {
    "order-validate": {"latency_ms": [80, 420], "errors": [[*NO_ADDRESS, 0.015]]},
    "stock-reserve": {
        "latency_ms": [60, 300],
        "errors": [[*OUT_OF_STOCK, 0.02], [*STOCK_DOWN, 0.04]],
        "fail_when": {"sold-out": OUT_OF_STOCK},
    },
    "charge-card": {
        "latency_ms": [700, 3_200],
        "slow_rate": 0.02,
        "slow_ms": [13_000, 16_000],
        "errors": [[*PAYMENT_TIMEOUT, 0.10], [*DECLINED, 0.025]],
        "fail_when": {"bank-down": PAYMENT_TIMEOUT, "stolen": DECLINED},
    },
    "charge-card-v2": {"latency_ms": [650, 2_900], "errors": [[*NO_CURRENCY, 0.34], [*PAYMENT_TIMEOUT, 0.09]]},
    "charge-card-v3": {"latency_ms": [680, 3_000], "errors": [[*PAYMENT_TIMEOUT, 0.09], [*DECLINED, 0.025]]},
    "mail-customer": {
        "latency_ms": [180, 900],
        "errors": [[*MAILBOX_BUSY, 0.05]],
        "fail_when": {"full-box": MAILBOX_BUSY},
    },
    "image-upload": {"latency_ms": [500, 3_000], "errors": [[*SLOW_DOWN, 0.08]]},
    "image-thumbnail": {"latency_ms": [300, 1_200], "fail_when": {"broken.heic": BAD_IMAGE}},
    "image-medium": {
        "latency_ms": [800, 2_600],
        "errors": [[*OUT_OF_MEMORY, 0.09]],
        "fail_when": {"huge.tiff": OUT_OF_MEMORY},
    },
    "profile-fetch": {"latency_ms": [30, 260], "errors": [[*NO_PROFILE, 0.06]]},
    "product-rank": {"latency_ms": [150, 1_300], "throttle_rate": 0.1},
    "cart-check": {"latency_ms": [15, 120]},
    "shipping-quote": {"latency_ms": [80, 700], "errors": [[*NO_CARRIER, 0.09]], "fail_when": {"jeju": NO_CARRIER}},
    "coupon-apply": {"latency_ms": [10, 90], "fail_when": {"old-coupon": BAD_COUPON}},
    "coupon-issue": {"latency_ms": [60, 500], "errors": [[*COUPON_BUSY, 0.15]]},
    "approval-ask": {
        "latency_ms": [60, 200],
        "callback_ms": [30_000, 600_000],
        "callback_fail_rate": 0.2,
        "error": "RefundRejected",
    },
    "refund": {"latency_ms": [400, 2_000], "errors": [[*BANK_DOWN, 0.15]]},
    "feed-parse": {"latency_ms": [900, 4_000]},
    "price-convert": {"latency_ms": [20, 200], "fail_when": {"XBT": BAD_RATE}},
    "product-save": {"latency_ms": [60, 500], "errors": [[*THROUGHPUT, 0.07]]},
    "index-refresh": {"latency_ms": [2_000, 9_000]},
    "report-start": {"latency_ms": [300, 900]},
    "report-check": {
        "latency_ms": [100, 400],
        "one_of": [{"state": "RUNNING"}, {"state": "DONE"}, {"state": "FAILED"}],
        "weights": [68, 28, 4],
        "errors": [[*NO_WAREHOUSE, 0.1]],
    },
    "settlement-check": {"latency_ms": [1_000, 6_000]},
    "exchange-rate": {
        "latency_ms": [200, 1_500],
        "errors": [[*NO_EXCHANGE, 0.2]],
        "fail_when": {"holiday": NO_EXCHANGE},
    },
    "fee-calculate": {"latency_ms": [5_000, 25_000], "errors": [[*BAD_FEE, 0.12]]},
    "photo-list": {"latency_ms": [400, 1_200]},
    "photo-rebuild": {"latency_ms": [500, 4_000], "errors": [[*BAD_PHOTO, 0.05]]},
}

ITEMS = [{"sku": f"A-{number}", "currency": "USD"} for number in range(8)]
BAD_ITEMS = [*ITEMS[:5], {"sku": "A-9", "currency": "XBT"}, *ITEMS[5:7]]
PHOTOS = [{"key": f"shop/{number}.jpg"} for number in range(24)]

PHASES = (
    Phase(
        "usual",
        USUAL,
        (
            Runs("order-processing", 70, {"cart": "full"}),
            Runs("order-processing", 1, {"card": "bank-down"}),
            Runs("order-processing", 2, {"card": "stolen"}),
            Runs("order-processing", 1, {"mail": "full-box"}),
            Runs("order-processing", 1, {"item": "sold-out"}),
            Runs("image-pipeline", 44, {"imageId": "img"}),
            Runs("image-pipeline", 1, {"imageId": "broken.heic"}),
            Runs("image-pipeline", 1, {"imageId": "huge.tiff"}),
            Runs("recommendation", 60, {"visitor": "v"}),
            Runs("checkout-api", 44, {"cart": "c"}),
            Runs("checkout-api", 1, {"to": "jeju"}),
            Runs("checkout-api", 1, {"code": "old-coupon"}),
            Runs("coupon-issue", 28, {"points": 1_200, "customer": {"id": "c-1"}}),
            Runs("coupon-issue", 1, {"points": 80}),
            Runs("refund-approval", 18, {"refund": "r"}),
            Runs("catalog-import", 16, {"items": ITEMS}),
            Runs("catalog-import", 2, {"items": BAD_ITEMS}),
            Runs("nightly-report", 16),
            Runs("settlement", 14),
            Runs("photo-rebuild", 6, {"items": PHOTOS}),
        ),
    ),
    Phase(
        "stuck",
        {
            "report-check": {"latency_ms": [100, 400], "returns": {"state": "RUNNING"}},
            "approval-ask": {"latency_ms": [60, 200]},
        },
        (
            Runs("nightly-report", 2, once=True),
            Runs("nightly-report", 1, once=True, ending="stopped", after_s=200),
            Runs("refund-approval", 1, {"refund": "r"}, once=True),
            Runs("refund-approval", 1, {"refund": "r"}, once=True, ending="stopped", after_s=100),
            Runs("refund-approval", 2, {"refund": "r"}, once=True, ending="left", after_s=20),
        ),
    ),
    Phase(
        "bad deploy",
        {},
        (Runs("order-processing", 44, {"cart": "full"}),),
        deploys={"order-processing": "order-processing.2"},
    ),
    Phase(
        "fixed",
        {},
        (Runs("order-processing", 60, {"cart": "full"}),),
        deploys={"order-processing": "order-processing.3"},
    ),
    Phase(
        "slow dependency",
        {"image-medium": {"latency_ms": [5_000, 14_000], "errors": [[*OUT_OF_MEMORY, 0.06]]}},
        (Runs("image-pipeline", 24, {"imageId": "img"}),),
    ),
    Phase(
        "new error",
        {"profile-fetch": {"latency_ms": [30, 260], "errors": [[*BAD_PROFILE, 0.3], [*NO_PROFILE, 0.06]]}},
        (Runs("recommendation", 30, {"visitor": "v"}),),
    ),
)
