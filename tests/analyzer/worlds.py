"""Random executions whose two tables agree with each other, as the fold would have left them."""

from __future__ import annotations

from random import Random

from analyzer.parts import PARTS
from tests.analyzer.rows import DAY, OCTOBER, REDRIVE, TRANSITION_USD, Row

MACHINES: list[Row] = [
    {"machine": "orders", "region": "us-east-1", "account": "111122223333", "type": "STANDARD"},
    {"machine": "orders", "region": "eu-west-1", "account": "111122223333", "type": "STANDARD"},
    {"machine": "orders", "region": "us-east-1", "account": "444455556666", "type": "STANDARD"},
    {"machine": "주문 검증", "region": None, "account": None, "type": "STANDARD"},
    {"machine": "ticker", "region": "us-east-1", "account": "111122223333", "type": "EXPRESS"},
]
STATES = {"Validate": "Task", "Pick": "Choice", "재고": "Task", "Charge": "Task", "Items": "Map", "Done": "Succeed"}
ERRORS = ["States.Timeout", "CardDeclined", "Lambda.TooManyRequestsException", None]


def world(seed: int, size: int = 40) -> tuple[list[Row], list[Row]]:
    """Rows of executions and of attempts."""
    random = Random(seed)
    runs = [_run(random, number) for number in range(1, size + 1)]
    return [execution for execution, _ in runs], [attempt for _, attempts in runs for attempt in attempts]


def _run(random: Random, number: int) -> tuple[Row, list[Row]]:
    of_machine = random.choice(MACHINES)
    per_try = 0 if of_machine["type"] == "EXPRESS" else 1
    price = None if of_machine["region"] is None or not per_try else TRANSITION_USD
    common: Row = {
        **of_machine,
        "execution_id": number,
        "execution_started_at": OCTOBER + random.randrange(20 * DAY),
        "execution_status": random.choice(["SUCCEEDED"] * 4 + ["FAILED", "TIMED_OUT", "ABORTED", "RUNNING"]),
        "completeness": random.choice(["complete"] * 5 + ["cut"]),
        "transitions": per_try,
        "cost_usd": price,
    }
    visits: dict[str, int] = {}
    attempts = [row for _ in range(random.randrange(6)) for row in _visit(random, visits, common)]
    if random.random() < 0.1:
        attempts.append({**common, **REDRIVE})
    placed = [_placed(random, row, attempts[n - 1] if n else {}, n) for n, row in enumerate(attempts)]
    return _execution(random, common, placed), placed


def _placed(random: Random, row: Row, before: Row, n: int) -> Row:
    """The row with what tells where it stands: every other state on the critical path, one after another."""
    is_attempt = row.get("attempt") is not None
    return {
        **row,
        "event_id": 10 * n + 2,
        "entered_at": row["execution_started_at"] + n,
        "after_state": before.get("state"),
        "is_critical": is_attempt and random.random() < 0.5,
        "holds_states": False,
    }


def _visit(random: Random, visits: dict[str, int], common: Row) -> list[Row]:
    state = random.choice(list(STATES))
    visits[state] = visits.get(state, 0) + 1
    retries = random.choice([0, 0, 0, 1, 2]) if STATES[state] in {"Task", "Map"} else 0
    failures: list[Row] = [_failure(random, "retried") for _ in range(retries)]
    tries = [*failures, _failure(random, random.choice(["caught", "uncaught", None])) if random.random() < 0.2 else {}]
    return [
        {
            **common,
            "state": state,
            "state_type": STATES[state],
            "visit": visits[state],
            "attempt": number,
            "run_ms": random.choice([None, random.randrange(100_000)]),
            "queue_ms": random.randrange(1_000) if STATES[state] == "Task" else None,
            "backoff_ms": None if number == 1 else 1_000 * 2 ** (number - 2),
            "ended_at": common["execution_started_at"] + random.randrange(DAY),
            "visit_error": tries[0].get("error"),
            **tried,
        }
        for number, tried in enumerate(tries, start=1)
    ]


def _failure(random: Random, handled: str | None) -> Row:
    return {
        "outcome": random.choice(["failed", "timed_out"]),
        "error": random.choice(ERRORS),
        "handled": handled,
        "is_root": random.random() < 0.3,
        "is_terminal": random.random() < 0.3,
    }


def _execution(random: Random, common: Row, attempts: list[Row]) -> Row:
    tries = [row for row in attempts if row.get("attempt")]
    caught = sum(row.get("handled") == "caught" for row in tries)
    is_express = common["type"] == "EXPRESS"
    costs = [row["cost_usd"] for row in attempts]
    started_at, status = common["execution_started_at"], common["execution_status"]
    duration_ms = None if status == "RUNNING" else random.choice([0, 100, 101, 5_000, 400_000])
    return {
        **{name: common[name] for name in ("machine", "region", "account", "type", "execution_id", "completeness")},
        "status": status,
        "started_at": started_at,
        "stopped_at": None if duration_ms is None else started_at + duration_ms,
        "duration_ms": duration_ms,
        "attempts": len(tries),
        "retries": sum(row["attempt"] > 1 for row in tries),
        "redrives": len(attempts) - len(tries),
        "transitions": sum(row["transitions"] for row in attempts),
        "transitions_max": sum(row["transitions"] for row in attempts) + 1 - is_express,
        "cost_usd": 0.000002 if is_express else None if common["region"] is None else sum(costs),
        "cost_note": "estimate" if common["region"] else "No price can be given: the Region is not known.",
        "caught": caught,
        "masked_failure": status == "SUCCEEDED" and caught > 0,
        "root_state": random.choice(list(STATES)) if caught else None,
        "variant": " → ".join(row["state"] for row in tries) or None,
        **{f"critical_{part}_ms": None if duration_ms is None else duration_ms // 8 for part in PARTS},
    }
