"""`stepscope doctor`: is everything there that the other commands need."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import rich_click as click

from commands.session import Session, config_option, examples, pass_session, store_option
from commands.store import room
from commands.targets import target_options
from commands.wording import counted, duration, plain
from store.errors import StepscopeError, StoreMissingError

if TYPE_CHECKING:
    from collectors.probing import Probing
    from collectors.sessions import Target
    from store.folder import Store
    from store.heartbeat import Heartbeat

LEAST_FREE_BYTES = 1_000_000_000
MOST_CLOCK_SKEW_MS = 300_000
"""AWS refuses requests that were signed more than five minutes ago or ahead (IAM guide, "Signing AWS API requests")."""

OK, NOTE, PROBLEM = "ok", "note", "problem"


class Finding(NamedTuple):
    """One line of the answer: how it is, what was looked at, what was found, and what to do about it."""

    state: str
    what: str
    found: str
    hint: str = ""


@click.command()
@target_options
@store_option()
@config_option()
@pass_session
@examples("stepscope doctor", "stepscope doctor --profile reader --region eu-west-1")
def doctor(session: Session, targets: Sequence[Target]) -> None:
    """Look at everything that could be wrong, and say what to do.

    Set-up, settings, store, disk, quota, the collector, and for each account and Region: credentials, permissions, both
    clocks and the log levels of Express machines. It changes nothing.
    """
    problems = 0
    for finding in findings(session, targets):
        session.say(f"{finding.state:<8} {finding.what:<12} {finding.found}")
        if finding.hint:
            session.say(f"{'':<21} {finding.hint}")
        problems += finding.state == PROBLEM
    if problems:
        raise StepscopeError(f"{counted(problems, 'problem')} found", "What to do stands below each.")


def findings(session: Session, targets: Sequence[Target]) -> Iterator[Finding]:
    """Everything that is looked at, in the order in which one thing needs the other."""
    yield Finding(OK, "python", f"{sys.version.split()[0]} at {sys.executable}")
    yield packages()
    yield settings(session)
    yield disk(session.folder)
    yield from in_store(session)
    for target in targets:
        yield from in_aws(session, target)


def packages() -> Finding:
    """Whether every package is installed that the program declares."""
    found, missing = [], []
    for name in requires("stepscope") or []:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding(PROBLEM, "packages", f"not installed: {', '.join(missing)}", "Run `make setup`.")
    return Finding(OK, "packages", ", ".join(found))


def settings(session: Session) -> Finding:
    """Whether what is written down can be meant."""
    from store.settings import FILE

    file = session.config or session.folder / FILE
    found = counted(len(session.settings.targets), "target")
    return Finding(OK, "settings", f"{found} in {file}" if file.is_file() else "none written down")


def disk(folder: Path) -> Finding:
    """Whether the folder can be written, and has room for what is still to be collected."""
    there = next(parent for parent in (folder.absolute(), *folder.absolute().parents) if parent.is_dir())
    if not os.access(there, os.W_OK):
        hint = "`collect` and `import` need to write; choose another --store or change its permissions."
        return Finding(PROBLEM, "disk", f"{there} cannot be written by this user", hint)
    free = shutil.disk_usage(there).free
    found = f"{free / 1e9:,.1f} GB free at {there}"
    return (
        Finding(OK, "disk", found) if free >= LEAST_FREE_BYTES else Finding(PROBLEM, "disk", found, "Free some space.")
    )


def in_store(session: Session) -> Iterator[Finding]:
    """How the store is: whether it opens, whether it is sound, folded, and of this clock's past."""
    from store.folder import readable_store

    try:
        with readable_store(session.folder) as store:
            yield from _of_store(session, store)
    except StoreMissingError as error:
        yield Finding(NOTE, "store", error.sentence, error.hint)
    except StepscopeError as error:
        yield Finding(PROBLEM, "store", error.sentence, error.hint)


def _of_store(session: Session, store: Store) -> Iterator[Finding]:
    from store.folder import problems
    from store.freshness import freshness
    from store.heartbeat import heartbeat
    from store.migrations import migrations
    from store.sizes import sizes

    steps = counted(len(migrations.applied(store.db)), "migration")
    yield Finding(OK, "store", f"{store.folder}, schema of {steps}; {room(sizes(store.folder))}")
    yield _integrity(problems(store))
    yield _facts(freshness(store.db).stale_days)
    yield _clock(session, store)
    yield collector(heartbeat(store.db), session.clock())
    yield from _throttles(store)


def collector(found: Heartbeat | None, now_ms: int) -> Finding:
    """Whether somebody collects, and whether whoever did so last ended well."""
    from commands.lease import held_by, lives
    from store.heartbeat import ENDED

    if found is None:
        return Finding(NOTE, "collector", "none has been here", "`stepscope schedule` prints what makes it collect.")
    if found.state == ENDED:
        ago = duration(max(0, now_ms - found.renewed_at))
        return Finding(OK, "collector", f"the last one, process {found.pid} on {plain(found.host)}, ended {ago} ago")
    who = plain(held_by(found, now_ms))
    if found.is_fresh(now_ms) and lives(found.owner):
        return Finding(OK, "collector", who)
    return Finding(PROBLEM, "collector", f"{who}: it is gone", "Start it again; it takes over and goes on.")


MOST_THROTTLED = 0.03
"""More than this share of throttled calls is not the collector's doing alone: it keeps below its own quota."""


def _throttles(store: Store) -> Iterator[Finding]:
    """Whether the last pass was told to slow down more than now and then."""
    from store.passes import passes

    asked = ((sum(json.loads(one.calls or "{}").values()), one.throttled or 0) for one in passes(store.db))
    calls, throttled = next(((calls, throttled) for calls, throttled in asked if calls), (0, 0))
    found = f"AWS throttled {throttled:,} of the {calls:,} calls of the last pass"
    if throttled > MOST_THROTTLED * calls:
        hint = "Lower --quota-share, or check the quotas that --quota and the settings claim."
        yield Finding(PROBLEM, "quota", found, hint)
    elif calls:
        yield Finding(OK, "quota", found)


def _integrity(faults: Sequence[str]) -> Finding:
    if faults:
        return Finding(PROBLEM, "integrity", faults[0], "`stepscope store check` names all faults; restore a backup.")
    return Finding(OK, "integrity", "sound")


def _facts(stale_days: int) -> Finding:
    if stale_days:
        return Finding(
            NOTE, "facts", f"{counted(stale_days, 'day')} not folded", "The next `stepscope report` folds them."
        )
    return Finding(OK, "facts", "folded")


def _clock(session: Session, store: Store) -> Finding:
    from store.passes import passes

    ahead = max((one.started_at for one in passes(store.db, limit=1)), default=0) - session.clock()
    if ahead > 0:
        found = f"the last pass began {duration(ahead)} from now"
        return Finding(PROBLEM, "clock", found, "Set this machine's clock: passes are ordered by it.")
    return Finding(OK, "clock", "not before the last pass")


def in_aws(session: Session, target: Target) -> Iterator[Finding]:
    """Whether a target can be asked, for all that `collect` asks it: credentials, permissions, clock, log levels."""
    from collectors.aws import Connector
    from collectors.probing import Probing

    try:
        connection = Connector()(target)
    except StepscopeError as error:
        yield Finding(PROBLEM, "aws", error.sentence, error.hint)
        return
    probing = Probing(connection.api, target.queue)
    probing.run()
    yield from _answers(connection.name, probing)
    if probing.first:
        yield skew(probing.first, session.clock())
    yield from _log_levels(probing.levels)


def _answers(name: str, probing: Probing) -> Iterator[Finding]:
    """What the target answered, and what it refused, each refusal with what to do."""
    refused = [probe.error for probe in probing.probes if probe.error is not None]
    if probing.first:
        allowed = [probe.operation for probe in probing.probes if probe.error is None]
        yield Finding(OK, "aws", f"{name} answers {', '.join(allowed)}")
    for error in refused:
        hint = error.hint or "Only `collect` needs AWS: `import` and `demo` work without."
        yield Finding(PROBLEM, "aws", error.sentence, hint)
    if probing.first and probing.untried:
        found = f"nothing in {name} to try these on: {', '.join(probing.untried)}"
        yield Finding(NOTE, "aws", found, "`stepscope policy` prints all that must be allowed.")


LEVELS = {
    "OFF": (PROBLEM, "does not log: nothing can be known of its runs"),
    "FATAL": (NOTE, "logs at level FATAL: only that runs failed is known, not which states"),
    "ERROR": (NOTE, "logs at level ERROR: failures are known, durations and successes are not"),
}


def _log_levels(levels: Mapping[str, str]) -> Iterator[Finding]:
    """What the logs of Express machines leave out."""
    for name, level in levels.items():
        if level in LEVELS:
            state, what = LEVELS[level]
            yield Finding(
                state, "log level", f"{plain(name)} {what}", "Set the level ALL in its logging configuration."
            )


def skew(answer: dict[str, Any], now_ms: int) -> Finding:
    """How far this machine's clock is from that of AWS, by the date of an answer."""
    dated = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    if not dated:
        return Finding(NOTE, "clock", "the answer has no date to compare with")
    apart = abs(round(parsedate_to_datetime(dated).timestamp() * 1_000) - now_ms)
    found = f"{duration(apart)} from that of AWS"
    if apart > MOST_CLOCK_SKEW_MS:
        return Finding(PROBLEM, "clock", found, "Set this machine's clock: AWS soon refuses what it signs.")
    return Finding(OK, "clock", found)
