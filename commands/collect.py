"""`stepscope collect`: from AWS into the store."""

from __future__ import annotations

import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import rich_click as click

from commands.session import Session, config_option, examples, pass_session, store_option
from commands.targets import target_options
from commands.wording import counted
from store.errors import AwsError, StepscopeError, StoreBusyError

if TYPE_CHECKING:
    from collectors.connections import Connection
    from collectors.job import Connect, PassResult
    from collectors.scope import Options
    from collectors.sessions import Target
    from store.folder import Store

HISTORIES = "GetExecutionHistory"


@click.command()
@target_options
@click.option(
    "--machine", "machines", multiple=True, metavar="PATTERN", help="Only machines of that name; `order*` works."
)
@click.option(
    "--since", default="90d", show_default=True, metavar="TIME", help="How far back a machine's first listing goes."
)
@click.option(
    "--max-time",
    metavar="SPAN",
    help="Stop fetching histories after so long in each account and Region: all failures first, then a sample of the"
    " successes, which reports weigh. Later passes fetch the rest.",
)
@click.option("--every", metavar="SPAN", help="Go on, and begin a pass so often: 5m, 1h.")
@click.option(
    "--quota-share",
    type=click.FloatRange(0, 1, min_open=True),
    metavar="SHARE",
    help="Part of AWS's quotas to use, up to 1; your workloads use the same.  [default: 1, with --every 0.5]",
)
@click.option(
    "--quota",
    "quotas",
    multiple=True,
    metavar="OP=B/R",
    help="A quota that AWS raised, bucket and refill a second: GetExecutionHistory=5000/500.",
)
@store_option()
@config_option()
@pass_session
@examples(
    "stepscope collect --profile reader --region eu-west-1 --since 30d",
    "stepscope collect --max-time 10m",
    "stepscope collect --every 5m --machine 'order*' --quota-share 0.3",
)
def collect(
    session: Session,
    targets: Sequence[Target],
    machines: tuple[str, ...],
    since: str,
    max_time: str | None,
    every: str | None,
    quota_share: float | None,
    quotas: tuple[str, ...],
) -> None:
    """Fetch machines, executions and histories from AWS. It only reads.

    What the store has is not fetched again. A pass may be interrupted at any time, and the next goes on from there.
    """
    from collectors.aws import Connector
    from collectors.job import SHARE_OF_ONE_PASS, SHARE_WHEN_REPEATED, schedule
    from collectors.quota import quota_given
    from collectors.scope import Options
    from commands.moments import moment_ms, seconds

    pause = seconds(every) if every is not None else None
    share = quota_share or (SHARE_OF_ONE_PASS if pause is None else SHARE_WHEN_REPEATED)
    connector = Connector(share, dict(map(quota_given, quotas)))
    most = None if max_time is None else round(seconds(max_time) * 1_000)
    options = Options(moment_ms(since, session.clock()), machines, max_ms=most)
    passes = _Passes(session, targets, options, connector)
    passes.announce(share)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside, it ends as by Ctrl-C
    if pause is None:
        _judge(passes.run())
    else:
        _judge(schedule(passes.run, pause, lambda: False, time.sleep, time.monotonic))


@dataclass
class _Passes:
    """Passes over the same targets, each with the store to itself while it lasts."""

    session: Session
    targets: Sequence[Target]
    options: Options
    connect: Connect
    last: PassResult | None = None

    def announce(self, share: float) -> None:
        """Say what each target may be asked at most."""
        for target in self.targets:
            allowed = self._allowed(target)
            if allowed:
                self.session.tell(f"{allowed} (share {share:g} of the quota)")

    def _allowed(self, target: Target) -> str:
        try:
            connection: Connection = self.connect(target)
        except AwsError:
            return ""  # the pass says why, and what it missed
        quota = connection.budget.allowed(HISTORIES) if connection.budget else None
        if quota is None:
            return ""
        return f"{connection.name}: {quota.bucket:,.0f} histories at once, then {quota.refill:,.1f} a second"

    def run(self) -> PassResult:
        """One pass, told and folded. While another process has the store, a repeated pass is left out."""
        from commands.sample import refuse_sample
        from store.folder import writable_store

        try:
            with writable_store(self.session.folder) as store:
                refuse_sample(store)
                self.last = self._run(store)
        except StoreBusyError as error:
            if self.last is None:
                raise
            self.session.tell(f"This pass is left out: {error.sentence}.")
        return self.last

    def _run(self, store: Store) -> PassResult:
        from rich.console import Console

        from collectors.job import run_pass
        from collectors.scope import INTERRUPTED
        from commands.folding import folded, say_folded
        from commands.progress import PassProgress

        with PassProgress(Console(stderr=True)) as progress:
            result = run_pass(store, self.targets, self.options, self.session.clock, progress, self.connect)
        self.session.say(result.sentence)
        for problem in result.problems:
            self.session.tell(f"missed: {problem}")
        if result.outcome != INTERRUPTED:
            say_folded(self.session, folded(self.session, store))
        return result


def _judge(result: PassResult) -> None:
    """Ends with the exit code that the last pass deserves."""
    from collectors.scope import COMPLETE, FAILED, INTERRUPTED

    if result.outcome == INTERRUPTED:
        raise click.Abort
    if result.outcome != COMPLETE:
        named = f"{counted(len(result.problems), 'problem')} named above" if result.problems else ""
        why = named or counted(result.missed, "history", "histories")
        what = "nothing could be collected" if result.outcome == FAILED else "a part was missed"
        hint = "Run it again: what was read is kept, and only the rest is asked for."
        raise StepscopeError(f"{what}: {why}", hint)
