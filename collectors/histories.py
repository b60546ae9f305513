"""Histories: fetched by threads, saved by one hand, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from collectors.api import Api
from collectors.drawing import drawn
from collectors.outline import Packer, map_runs_of
from collectors.pages import pages
from collectors.scope import PARTIAL, SAMPLED, Cover, Scope
from store.errors import (
    AwsError,
    CredentialsError,
    CutAnswerError,
    DeniedError,
    ExpiredHistoryError,
    HistoryUnreadableError,
    UnreachableError,
)
from store.events import known_events, milliseconds
from store.executions import HistoryRow, note_history, note_sampled, save_histories
from store.queue import Todo, candidates, histories_to_fetch, todos
from store.retention import note_gone_by

BATCH = 100
"""Histories saved in one transaction: at 20 a second, what five seconds bring."""

AHEAD = 3
"""Histories under way for each thread, so that none waits while what others fetched is saved."""

OPERATION = "GetExecutionHistory"
NOT_YET_MS = 86_400_000
"""How long AWS may list an execution before it knows its history: its answers are eventually consistent."""
OUT_OF_TIME = "not reached within --max-time"


def history_of(api: Api, todo: Todo, *, hides_accounts: bool = False) -> HistoryRow:
    """The whole history of a finished execution, ready to be saved.

    Raises `CutAnswerError` when it does not reach from the first event to the end that the listing tells of,
    `HistoryUnreadableError`, and what `Api.call` raises.
    """
    parameters = {"executionArn": todo.arn, "includeExecutionData": False}
    answers = pages(api, OPERATION, "events", **parameters)
    events = [event for page in answers for event in known_events(page)]
    if not events:
        raise CutAnswerError(f"the history of {todo.arn} has no events", operation=OPERATION)
    map_runs = map_runs_of(events)
    packed = Packer(hides_accounts=hides_accounts).packed(events, [milliseconds(event.at) for event in events])
    shape = packed.shape
    if not shape.is_whole or shape.status != todo.status:
        raise CutAnswerError(f"the history of {todo.arn} has gaps or no end yet", operation=OPERATION)
    # Noted for the redrives that the events show: should they lag behind the listing, it is fetched again.
    redrives = min(todo.redrives, shape.runs - 1)
    return HistoryRow(todo.arn, packed.blob, packed.events, shape.last_id, todo.stopped_at, redrives, map_runs)


class Fetching:
    """The histories of one pass in one target, on their way into the store."""

    def __init__(self, scope: Scope, covers: Mapping[int, Cover]) -> None:
        self._scope, self._covers = scope, covers
        self._drawn = frozenset[int]()
        self._ids = histories_to_fetch(scope.store.db, covers)
        self._until = None if scope.options.max_ms is None else scope.clock() + scope.options.max_ms
        if self._until is not None:
            self._draw()
        self._done = 0
        self._barred: set[int] = set()
        self._left_out: list[int] = []
        self._under_way: dict[Future[HistoryRow], Todo] = {}
        self._batch: list[tuple[Todo, HistoryRow]] = []

    def _draw(self) -> None:
        """Put what must be fetched first: all failures and redriven executions, then successes by lot."""
        by_lot = drawn(candidates(self._scope.store.db, self._covers))
        self._drawn = frozenset(by_lot)
        self._ids = [*(execution_id for execution_id in self._ids if execution_id not in self._drawn), *by_lot]

    def save_all(self) -> None:
        """Fetch and save every history still to be fetched.

        A history that cannot be had is counted as missed and the others go on. Raises `CredentialsError` and
        `UnreachableError`, which would befall all others too; what was fetched until then is saved.
        """
        try:
            with _threads(self._scope.options.threads) as pool:
                for todo in self._wanted():
                    self._under_way[pool.submit(self._fetch, todo)] = todo
                    self._take_done(most=AHEAD * self._scope.options.threads)
                self._take_done(most=0)
        finally:
            self._keep_finished()
            self._flush()

    def _take_done(self, most: int) -> None:
        """Take what is done, waiting for it while more than so many are under way."""
        while len(self._under_way) > most:
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            for future in done:
                self._take(self._under_way.pop(future), future)

    def _keep_finished(self) -> None:
        """When a pass ends early, what its threads had fetched by then is not thrown away."""
        for future, todo in self._under_way.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                self._batch.append((todo, future.result()))

    def _wanted(self) -> Iterator[Todo]:
        """What is to be fetched, while there is time, without the machines that denied it."""
        for todo in todos(self._scope.store.db, self._ids):
            if todo.machine_id in self._barred:
                note_history(self._scope.store.db, todo.id, "denied")
                self._missed(todo, "denied")
            elif self._until is None or self._scope.clock() < self._until:
                yield todo
            else:
                self._leave_out(todo)
        note_sampled(self._scope.store.db, self._left_out)

    def _leave_out(self, todo: Todo) -> None:
        """There is no time left for it: a success is stood for by others, anything else is missed."""
        cover = self._covers[todo.machine_id]
        if todo.id in self._drawn:
            self._left_out.append(todo.id)
            cover.left_out += 1
            cover.leave(SAMPLED)
            self._done += 1
        else:
            cover.leave(PARTIAL)
            self._missed(todo, OUT_OF_TIME)

    def _fetch(self, todo: Todo) -> HistoryRow:
        return history_of(self._scope.connection.api, todo, hides_accounts=self._scope.options.hides_accounts)

    def _take(self, todo: Todo, future: Future[HistoryRow]) -> None:
        try:
            self._batch.append((todo, future.result()))
        except (CredentialsError, UnreachableError):
            raise
        except AwsError as error:
            self._refused(todo, error)
        except HistoryUnreadableError as error:
            note_history(self._scope.store.db, todo.id, "unreadable")
            self._covers[todo.machine_id].fail(error.sentence, PARTIAL)
            self._missed(todo, "unreadable")
        if len(self._batch) >= BATCH:
            self._flush()
        self._tell()

    def _refused(self, todo: Todo, error: AwsError) -> None:
        if isinstance(error, ExpiredHistoryError):
            self._gone(todo)
            return
        self._covers[todo.machine_id].refuse(error)
        if isinstance(error, DeniedError):
            note_history(self._scope.store.db, todo.id, "denied")
            self._barred.add(todo.machine_id)
        self._missed(todo, error.outcome)

    def _gone(self, todo: Todo) -> None:
        """AWS does not know it: what stopped lately is asked for again, anything else is gone for good."""
        db, now = self._scope.store.db, self._scope.begun_at
        age = now - (todo.stopped_at or 0)
        if age < NOT_YET_MS:
            self._covers[todo.machine_id].leave(PARTIAL)
            self._missed(todo, "not known to AWS yet")
            return
        note_history(db, todo.id, "expired")
        note_gone_by(db, todo.machine_id, age, now)
        self._missed(todo, "expired at AWS")

    def _missed(self, todo: Todo, why: str) -> None:
        self._covers[todo.machine_id].reasons[why] += 1
        self._done += 1

    def _flush(self) -> None:
        save_histories(self._scope.store.db, (row for _, row in self._batch), self._scope.clock())
        for todo, _ in self._batch:
            self._covers[todo.machine_id].saved += 1
        self._done += len(self._batch)
        self._batch = []

    def _tell(self) -> None:
        done = self._done + len(self._batch)
        budget = self._scope.connection.budget
        seconds = budget.seconds_for(OPERATION, len(self._ids) - done) if budget else 0.0
        self._scope.progress.fetched(done, len(self._ids), seconds)


@contextmanager
def _threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """A pool that, when something fails, drops what it has not begun."""
    pool = ThreadPoolExecutor(count, thread_name_prefix="history")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
