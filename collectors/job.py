"""One pass of the collector over its targets, and the schedule that repeats it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import Any, NamedTuple, NoReturn

from collectors.connections import Connection, Meter
from collectors.scope import (
    COMPLETE,
    FAILED,
    INTERRUPTED,
    NOT_COLLECTED,
    PARTIAL,
    SAMPLED,
    Cover,
    Options,
    Progress,
    Scope,
    counted,
)
from collectors.sessions import Target
from collectors.sources import is_chosen, sources
from store.errors import AwsError, MisuseError, StepscopeError, StoreUnwritableError
from store.folder import Store, unwritable_as_error
from store.passes import begun_pass, finish_pass, note_killed

SHARE_OF_ONE_PASS, SHARE_WHEN_REPEATED = 1.0, 0.5
"""How much of the quotas a pass takes unless told: one that is waited for, and one that comes again and again."""

Connect = Callable[[Target], Connection]

_log = logging.getLogger(__name__)


class PassResult(NamedTuple):
    """What a pass did.

    `outcome` is complete, partial, failed (no target gave anything) or interrupted; `problems` are sentences for the
    user, none when it is complete; `calls` are the requests sent, by operation, `throttled` how many were refused so;
    `left_out` are the histories that others stand for.
    """

    pass_id: int
    outcome: str
    sentence: str
    problems: tuple[str, ...]
    machines: int
    listed: int
    saved: int
    missed: int
    calls: Counter[str]
    throttled: int
    left_out: int = 0


def run_pass(
    store: Store,
    targets: Sequence[Target],
    options: Options,
    clock: Callable[[], int],
    progress: Progress,
    connect: Connect,
    kind: str = "collect",
) -> PassResult:
    """Collect from each target once. What fails for one is written down, and the next has its turn.

    `clock` gives epoch milliseconds. Ctrl-C ends the pass as interrupted; what was read until then is kept. Raises
    `MisuseError` before it begins when a target has no Region, and `StoreUnwritableError`.
    """
    connections = [_connected(connect, target) for target in targets]
    with unwritable_as_error(store.folder):
        note_killed(store.db)
        pass_id = begun_pass(store.db, kind, clock())
    scopes = [
        Scope(store, pass_id, clock(), clock, connection, options.of(target), progress, covers=[])
        for target, connection in zip(targets, connections, strict=True)
    ]
    interrupted = _all_collected(scopes)
    result = _result(pass_id, scopes, interrupted)
    with unwritable_as_error(store.folder):
        finish_pass(store.db, pass_id, clock(), result.outcome, result.sentence, result.calls, result.throttled)
    return result


class _Unconnected:
    """The `Api` of a target that could not be connected: each call says why."""

    def __init__(self, error: StepscopeError) -> None:
        self._error = error

    def call(self, operation: str, **parameters: Any) -> NoReturn:  # noqa: ARG002 -- as every Api
        raise self._error


def _connected(connect: Connect, target: Target) -> Connection:
    try:
        return connect(target)
    except MisuseError:
        raise
    except StepscopeError as error:
        return Connection(target.name, _Unconnected(error), Meter())


def _all_collected(scopes: Iterable[Scope]) -> bool:
    """Collects from each; whether someone interrupted it."""
    try:
        for scope in scopes:
            scope.progress.connected(scope.connection.name)
            for source in sources():
                if source_is_wanted(source, scope):
                    _collect(scope, source)
    except KeyboardInterrupt:
        return True
    return False


def source_is_wanted(source: ModuleType, scope: Scope) -> bool:
    """Whether a source has something to do in this target, and its turn."""
    if not is_chosen(source, scope.options.only):
        return False
    asked = getattr(source, "is_wanted", None)
    return asked is None or bool(asked(scope))


def _collect(scope: Scope, source: ModuleType) -> None:
    """One source of one target. A failure is recorded and goes no further, unless the store itself refuses writes."""
    whole = scope.cover(None, scope.connection.name, source.NAME)
    try:
        with unwritable_as_error(scope.store.folder):
            source.collect(scope, whole)
    except StoreUnwritableError:
        raise
    except KeyboardInterrupt:
        whole.leave(INTERRUPTED)
        raise
    except AwsError as error:
        whole.refuse(error)
    except Exception as error:  # noqa: BLE001 -- the one place: the next target has its turn
        _log.debug("collecting from %s", scope.connection.name, exc_info=True)
        whole.fail(f"{scope.connection.name}: {type(error).__name__}: {error}", FAILED)
    finally:
        scope.save(whole)


def _result(pass_id: int, scopes: Sequence[Scope], interrupted: bool) -> PassResult:
    covers = [cover for scope in scopes for cover in scope.covers]
    machines = [cover for cover in covers if cover.machine_id is not None]
    result = PassResult(
        pass_id=pass_id,
        outcome=INTERRUPTED if interrupted else _outcome(covers),
        sentence="",
        problems=tuple(dict.fromkeys(problem for cover in covers for problem in cover.problems)),
        machines=len({cover.machine_id for cover in machines}),
        listed=sum(cover.listed for cover in machines),
        saved=sum(cover.saved for cover in machines),
        missed=sum(cover.missed for cover in machines),
        left_out=sum(cover.left_out for cover in machines),
        calls=sum((scope.connection.meter.calls for scope in scopes), Counter()),
        throttled=sum(scope.connection.meter.throttled for scope in scopes),
    )
    return result._replace(sentence=_sentence(result))


def _outcome(covers: Sequence[Cover]) -> str:
    if all(cover.outcome in (COMPLETE, NOT_COLLECTED, SAMPLED) for cover in covers):
        return COMPLETE
    return PARTIAL if any(cover.listed or cover.saved for cover in covers) else FAILED


def _sentence(result: PassResult) -> str:
    """`2 machines: 120 executions listed, 118 histories saved, 2 missed; and why`."""
    sentence = f"{counted(result.machines, 'machine')}: {counted(result.listed, 'execution')} listed"
    sentence += f", {counted(result.saved, 'history', 'histories')} saved"
    sentence += f", {result.missed:,} missed" if result.missed else ""
    sentence += f", {result.left_out:,} left to a sample" if result.left_out else ""
    if result.problems:
        more = f" (and {len(result.problems) - 1} more)" if len(result.problems) > 1 else ""
        sentence += f"; {result.problems[0]}{more}"
    return f"interrupted after {sentence}" if result.outcome == INTERRUPTED else sentence


def schedule(
    run: Callable[[], PassResult],
    every: float,
    stop: Callable[[], bool],
    sleep: Callable[[float], None],
    clock: Callable[[], float],
) -> PassResult:
    """Run pass after pass, each begun `every` seconds after the one before, or at once when that took longer.

    Ends after the pass during which `stop` became true, or that was interrupted; Ctrl-C while it sleeps ends it too.
    The last result is returned. `clock` counts seconds.
    """
    while True:
        begun = clock()
        result = run()
        if stop() or result.outcome == INTERRUPTED:
            return result
        try:
            sleep(max(0.0, begun + every - clock()))
        except KeyboardInterrupt:
            return result
        if stop():
            return result
