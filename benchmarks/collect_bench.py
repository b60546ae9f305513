"""How much of its quota the collector uses: a pass over the API stand-in behind a proxy that throttles as AWS does.

    python -m benchmarks.collect_bench [--executions N] [--share S] [--neighbour R] [--quota B/R]

By default 10,000 executions, 400 histories at once and then 20 a second, 40 ms away: nine minutes on any machine.
`--neighbour` is what somebody else takes of the refill, in calls a second.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.measure import Figure, table
from collectors.aws import Connector
from collectors.job import PassResult, run_pass
from collectors.quota import Quota, own_quota, quota_given
from collectors.scope import Options, Silent
from collectors.sessions import Target
from store.folder import writable_store
from tests.standin.handle import REGION, QuotaProxy, Standin

OPERATION = "GetExecutionHistory"
EXECUTIONS = 10_000
LATENCY_MS = (40, 40)
FIRST = "2026-09-01T00:00:00Z"
LAST = "2026-09-30T00:00:00Z"
NOW_MS = 1_790_812_800_000
"""2026-10-01."""

MOST_UNUSED_OF_OWN, MOST_UNUSED, MOST_THROTTLED = 5.0, 8.0, 3.0
"""In percent."""


class Measured(NamedTuple):
    """A pass: what it did, how long it took, and the throttled calls that the proxy counted."""

    result: PassResult
    seconds: float
    calls: int
    throttled: int


@contextmanager
def account(executions: int, quota: Quota, neighbour: float) -> Iterator[QuotaProxy]:
    """The stand-in with so many executions, behind a proxy with this quota and somebody else who uses it."""
    standin = Standin()
    proxy = QuotaProxy(standin.endpoint, seed=1)
    try:
        _fill(standin, executions)
        proxy.configure(quotas={OPERATION: list(quota)}, latency_ms=LATENCY_MS, background={OPERATION: neighbour})
        yield proxy
    finally:
        proxy.stop()
        standin.stop()


def _fill(standin: Standin, executions: int) -> None:
    steps = {name: {"Type": "Pass", "Next": following} for name, following in zip("abcdefg", "bcdefgh", strict=True)}
    machine = standin.create_machine("orders", {"StartAt": "a", "States": {**steps, "h": {"Type": "Succeed"}}})
    run = standin.run(machine)
    standin.wait(run)
    standin.replicate([run], executions - 1, FIRST, LAST)


def measured(proxy: QuotaProxy, share: float, quota: Quota) -> Measured:
    """One pass into an empty store."""
    connect = Connector(share, {OPERATION: quota})
    target = Target(REGION, endpoint_url=proxy.endpoint)
    with TemporaryDirectory() as folder, writable_store(Path(folder)) as store:
        begun = time.monotonic()
        result = run_pass(store, [target], Options(since=0), lambda: NOW_MS, Silent(), connect)
        seconds = time.monotonic() - begun
    counted = proxy.stats()["ops"][OPERATION]
    return Measured(result, seconds, counted["calls"], counted.get("throttled", 0))


def figures(executions: int, share: float, quota: Quota, neighbour: float) -> list[Figure]:
    """What was used of the collector's own budget and of the whole quota, and what was throttled."""
    with account(executions, quota, neighbour) as proxy:
        done = measured(proxy, share, quota)
    own, left = own_quota(quota, share), Quota(quota.bucket, quota.refill - neighbour)
    answered = done.calls - done.throttled
    remark = f"{done.result.saved:,} histories in {done.seconds:.1f} s, {done.calls:,} calls; {done.result.outcome}"
    unused_of_own = 100 * (1 - answered / _allowed(own, done.seconds))
    unused = 100 * (1 - answered / _allowed(left, done.seconds))
    return [
        Figure(
            f"own budget unused, share {share:g}", unused_of_own, "%", None if neighbour else MOST_UNUSED_OF_OWN, remark
        ),
        Figure("quota unused", unused, "%", MOST_UNUSED if share == 1 else None),
        Figure("calls throttled", 100 * done.throttled / done.calls, "%", MOST_THROTTLED),
    ]


def _allowed(quota: Quota, seconds: float) -> float:
    return quota.bucket + quota.refill * seconds


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="How much of its quota the collector uses.")
    parser.add_argument("--executions", type=int, default=EXECUTIONS)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--neighbour", type=float, default=0.0)
    parser.add_argument("--quota", default="400/20")
    asked = parser.parse_args()
    os.environ |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
    quota = quota_given(f"{OPERATION}={asked.quota}")[1]
    print(table(figures(asked.executions, asked.share, quota, asked.neighbour)))


if __name__ == "__main__":
    main()
