"""`stepscope collect`: from AWS into the store."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import rich_click as click

from commands.asking_metrics import SOURCE as METRICS
from commands.asking_metrics import metrics_announced, priced_metrics
from commands.journal import FORMATS, TEXT, Journal
from commands.passes import Passes, judge
from commands.session import Session, config_option, examples, pass_session, store_option
from commands.stopping import Stop, ends_as_told, stoppable
from commands.targets import target_options
from commands.watching import between
from store.errors import StoreHeldError

if TYPE_CHECKING:
    from collectors.quota import Quota
    from collectors.scope import Options
    from collectors.sessions import Target


@click.command()
@target_options
@click.option(
    "--machine", "machines", multiple=True, metavar="PATTERN", help="Only machines of that name; `order*` works."
)
@click.option(
    "--since", default="90d", show_default=True, metavar="TIME", help="How far back a machine's first listing goes."
)
@click.option(
    "--source",
    "chosen",
    multiple=True,
    metavar="NAME",
    help="What to read; may be repeated: standard, express and sqs, which are the default; details (tags, versions,"
    " aliases), children (of Distributed Maps), links (which execution started which: reads payloads, keeps none) and"
    " metrics, which costs money.",
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
@click.option(
    "--count-logs",
    is_flag=True,
    help="Let Logs Insights count Express executions by day; read the records of failures only. AWS bills the scan.",
)
@click.option(
    "--log-format",
    type=click.Choice(FORMATS),
    default=TEXT,
    show_default=True,
    help="json: an object a line, for a log that is searched.",
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
    chosen: tuple[str, ...],
    max_time: str | None,
    every: str | None,
    quota_share: float | None,
    quotas: tuple[str, ...],
    count_logs: bool,
    log_format: str,
) -> None:
    """Fetch machines, executions and histories from AWS. It only reads.

    What the store has is not fetched again. A pass may be interrupted at any time, and the next goes on from there.
    Where another collector has the store, it says so and ends well. SIGTERM in the middle of a pass ends with 143,
    Ctrl-C with 130; what was read until then is kept.
    """
    from collectors.aws import Connector
    from collectors.job import SHARE_OF_ONE_PASS, SHARE_WHEN_REPEATED
    from collectors.scope import Options
    from commands.lease import Lease, this_process
    from commands.moments import moment_ms, seconds

    pause = seconds(every) if every is not None else None
    share = quota_share or (SHARE_OF_ONE_PASS if pause is None else SHARE_WHEN_REPEATED)
    most = None if max_time is None else round(seconds(max_time) * 1_000)
    asked = Options(moment_ms(since, session.clock()), machines, max_ms=most, counts_logs=count_logs)
    options = with_sources(session, asked, chosen)
    connector = Connector(share, given_quotas(session, quotas))
    every_ms = None if pause is None else round(pause * 1_000)
    journal = Journal(session, log_format)
    with stoppable() as stop, Lease(session.folder, this_process(session.clock()), session.clock, every_ms) as lease:
        passes = Passes(session, targets, options, connector, lease, journal, every_ms)
        passes.announce(share)
        for sentence in metrics_announced(session) if METRICS in options.only else ():
            journal.note("metrics", sentence)
        try:
            _collect(passes, stop)
        except StoreHeldError as error:
            journal.note("held", f"{error.sentence}. {error.hint}")


def with_sources(session: Session, options: Options, chosen: Sequence[str]) -> Options:
    """The options with the sources of the command line, else of the settings. Raises `MisuseError` for an unknown."""
    from collectors.sources import source_named

    only = tuple(source_named(name).NAME for name in chosen or session.settings.sources)
    asked = session.settings.metrics
    return replace(
        options,
        only=only,
        hides_accounts=session.settings.privacy.hide_accounts,
        metrics_every_ms=asked.every_hours * 3_600_000,
        metrics_period_s=asked.period_s,
        priced=priced_metrics(session) if METRICS in only else options.priced,
    )


def given_quotas(session: Session, quotas: Sequence[str]) -> Mapping[str, Quota]:
    """The quotas that AWS raised: those of the settings, and before them those of the command line."""
    from collectors.quota import quota_given

    written = (f"{operation}={quota}" for operation, quota in session.settings.quotas.items())
    return dict(map(quota_given, (*written, *quotas)))


def _collect(passes: Passes, stop: Stop) -> None:
    """All passes, and the exit code that the last one deserves."""
    from collectors.job import schedule

    with ends_as_told(stop):
        if passes.every_ms is None:
            result = passes.run()
        else:
            result = schedule(passes.run, passes.every_ms / 1_000, stop, partial(between, passes), time.monotonic)
        judge(result, is_terminated=stop.is_told)
