"""Passes of `stepscope collect`: each with the store to itself while it lasts, told, folded and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from commands.journal import Journal
from commands.session import Session
from commands.wording import counted, duration
from store.errors import AwsError, StepscopeError, StoreBusyError, StoreHeldError, StoreUnwritableError

if TYPE_CHECKING:
    from collectors.connections import Connection
    from collectors.job import Connect, PassResult
    from collectors.scope import Options
    from collectors.sessions import Target
    from commands.lease import Lease
    from store.folder import Store

HISTORIES = "GetExecutionHistory"
QUEUE = "sqs"
"""The source that reads queues."""


@dataclass
class Passes:
    """Passes over the same targets. `every_ms` is None when there is only one; `last` is what the last one did."""

    session: Session
    targets: Sequence[Target]
    options: Options
    connect: Connect
    lease: Lease
    journal: Journal
    every_ms: int | None = None
    last: PassResult | None = None

    def announce(self, share: float) -> None:
        """Say what each target may be asked at most."""
        for target in self.targets:
            allowed = self._allowed(target)
            if allowed:
                self.journal.note("quota", f"{allowed} (share {share:g} of the quota)")

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
        """One pass, told and folded.

        A repeated pass that finds the store busy or refusing writes is left out, and the next one tries again. Raises
        `StoreHeldError` when another collector has the store, and for a first pass what opening it raises.
        """
        try:
            self.last = self._had(self.targets, self.options)
        except (StoreBusyError, StoreUnwritableError) as error:
            self._refuse_held()
            if self.last is None:
                raise
            self._leave_out(error)
        return self.last

    def take(self, target: Target, messages: Sequence[Mapping[str, Any]]) -> None:
        """A pass over nothing but messages that were received; if it is left out, they come again.

        Raises as `run` does for a store that another collector has, and KeyboardInterrupt when it was interrupted.
        """
        from collectors.scope import INTERRUPTED

        options = replace(self.options, received=tuple(messages), only=(QUEUE,))
        try:
            result = self._had([target], options)
        except (StoreBusyError, StoreUnwritableError) as error:
            self._refuse_held()
            self._leave_out(error)
            return
        if result.outcome == INTERRUPTED:
            raise KeyboardInterrupt

    def wait_noted(self, seconds: float) -> None:
        """Say in the heartbeat when the next pass begins."""
        self.lease.wait_until(self.session.clock() + round(seconds * 1_000))

    def _had(self, targets: Sequence[Target], options: Options) -> PassResult:
        from store.folder import writable_store

        with writable_store(self.session.folder) as store:
            self._hold(store)
            result = self._run(store, targets, options)
        self._check(result)
        return result

    def _check(self, result: PassResult) -> None:
        """Hold what is folded against the rules, if there are any; a notice that fails costs no pass."""
        from collectors.scope import INTERRUPTED
        from commands.alerting import checked_sentence

        if result.outcome == INTERRUPTED:
            return
        try:
            sentence = checked_sentence(self.session)
        except StepscopeError as error:
            sentence = f"The rules were not told of: {error.sentence}."
        if sentence:
            self.journal.note("checked", sentence)

    def _leave_out(self, error: StepscopeError) -> None:
        self.journal.note("left out", f"This pass is left out: {error.sentence}.")

    def _hold(self, store: Store) -> None:
        from commands.lease import held_by
        from commands.sample import refuse_sample

        refuse_sample(store)
        other = self.lease.take(store)
        if other is not None:
            raise _held(held_by(other, self.session.clock()))

    def _refuse_held(self) -> None:
        """Say which collector it is that has the store, if it is one."""
        from commands.lease import held_by, lives
        from store.folder import readable_store
        from store.heartbeat import holder

        try:
            with readable_store(self.session.folder) as store:
                other = holder(store.db, self.lease.owner, self.session.clock(), lives)
        except StepscopeError:  # the caller has a better one at hand
            return
        if other is not None:
            raise _held(held_by(other, self.session.clock()))

    def _run(self, store: Store, targets: Sequence[Target], options: Options) -> PassResult:
        from rich.console import Console

        from collectors.job import run_pass
        from collectors.scope import INTERRUPTED
        from commands.progress import PassProgress

        self._compare_clock(store)
        began_at = self.session.clock()
        with PassProgress(Console(stderr=True)) as progress:
            result = run_pass(store, targets, options, self.session.clock, progress, self.connect)
        self.journal.passed(result, began_at, self._next_at(began_at))
        if result.outcome != INTERRUPTED:
            self._fold(store)
        if self.lease.problem:
            self.journal.note("lease", f"the lease could not be renewed: {self.lease.problem}")
        return result

    def _fold(self, store: Store) -> None:
        from commands.folding import folded, said_folded

        sentence = said_folded(folded(self.session, store))
        if sentence:
            self.journal.note("folded", sentence, is_answer=True)

    def _next_at(self, began_at: int) -> int | None:
        return None if self.every_ms is None else max(self.session.clock(), began_at + self.every_ms)

    def _compare_clock(self, store: Store) -> None:
        """A clock that was set back loses nothing, but the user should know of it."""
        from store.passes import passes

        ahead = max((one.started_at for one in passes(store.db, limit=1)), default=0) - self.session.clock()
        if ahead > 0:
            self.journal.note(
                "clock",
                f"The last pass began {duration(ahead)} from now: this machine's clock was set back."
                " Nothing is lost; more is listed than would be needed.",
            )


def _held(who: str) -> StoreHeldError:
    return StoreHeldError(f"another collector has this store: {who}", "Nothing to do: it collects.")


def judge(result: PassResult, *, is_terminated: bool = False) -> None:
    """Ends with the exit code that the last pass deserves."""
    import rich_click as click

    from collectors.scope import COMPLETE, FAILED, INTERRUPTED
    from commands.stopping import TerminatedError

    if result.outcome == INTERRUPTED:
        raise TerminatedError if is_terminated else click.Abort
    if result.outcome != COMPLETE:
        named = f"{counted(len(result.problems), 'problem')} named above" if result.problems else ""
        why = named or counted(result.missed, "history", "histories")
        what = "nothing could be collected" if result.outcome == FAILED else "a part was missed"
        hint = "Run it again: what was read is kept, and only the rest is asked for."
        raise StepscopeError(f"{what}: {why}", hint)
