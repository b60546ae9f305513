"""Parallel, Map and Distributed Map: lanes side by side, failed together, tried again together."""

from __future__ import annotations

from collections.abc import Callable

from tests.analyzer.simulator.ledger import Visit, resume
from tests.analyzer.simulator.program import Container
from tests.analyzer.simulator.states import (
    BACKOFF_MS,
    QUERY_ERROR,
    entered,
    evaluation,
    given_up,
    left,
)
from tests.analyzer.simulator.world import Failed, Lane, Steps, World

THRESHOLD = "States.ExceedToleratedFailureThreshold"


class Contained:
    """One visit of a container. `run` is how a lane is run, which is for the caller to say."""

    def __init__(self, world: World, lane: Lane, state: Container, run: Callable[[World, Lane], Steps]) -> None:
        self.world = world
        self.lane = lane
        self.state = state
        self._run_lane = run
        self._failed: Lane | None = None
        self._fallen: Failed | None = None

    @property
    def _visit(self) -> Visit:
        assert self.lane.current is not None
        return self.lane.current

    def steps(self) -> Steps:
        """Run it: to its exit, whether well or caught, or until its failure is raised."""
        is_resumed = False
        if self.lane.current is None:
            entered(self.world, self.lane, self.state)
        else:
            # A redrive goes on in the branches and iterations that there are; what never started, starts.
            is_resumed = bool(self.lane.inner) or self._visit.last.map_run_arn is not None
            self.lane.last_id = self.lane.last_id if is_resumed else self._visit.entered_id
        for retries_left in reversed(range(self.state.retries + 1)):
            failure = yield from self._try(is_resumed=is_resumed, is_first=retries_left == self.state.retries)
            if failure is None:
                return
            is_resumed = False
            if retries_left:
                self.lane.last_id = failure.event_id
                self._fallen = failure
                yield BACKOFF_MS + self.world.pause()
        yield from given_up(self.world, self.lane, self.state, self._given_up(failure))

    def _try(self, *, is_resumed: bool, is_first: bool) -> Steps:
        yield self.world.pause()
        if not is_resumed:
            if is_first and self.world.luck(self.world.trouble / 10):
                return self._not_evaluated()
            self._start()
            yield self.world.pause()
        if self.state.is_distributed:
            return (yield from self._distributed(is_resumed=is_resumed))
        return (yield from self._lanes(is_resumed=is_resumed))

    def _reopened(self) -> Visit:
        """The visit, or the one that a redrive opens with the next event."""
        if self._visit.is_over:
            self.lane.current = self.world.ledger.again(self._visit, len(self.world.events) + 1, self.world.now)
        return self._visit

    def _not_evaluated(self) -> Failed:
        visit = self._reopened()
        event_id = evaluation(self.world, self.lane, visit, visit.prev)
        if visit.last.outcome != "running" or visit.last.started_at is not None:
            self.world.ledger.next_try(visit, event_id, self.world.now)
        visit.last.end("failed", self.world.now, QUERY_ERROR)
        return Failed(event_id, visit, visit, QUERY_ERROR, self.world.now)

    def _start(self) -> None:
        if self._fallen is not None:
            self._end_before_retry(self._fallen)
        world, state, visit = self.world, self.state, self._reopened()
        length = {"length": state.items} if state.type == "Map" else {}
        self.lane.last_id = world.write(f"{state.type}StateStarted", self.lane.last_id, self.lane, **length)
        if visit.last.started_at is not None or visit.last.outcome != "running":
            world.ledger.next_try(visit, self.lane.last_id, world.now)
        visit.last.event_id, visit.last.started_at = self.lane.last_id, world.now
        self.lane.inner = []
        if state.type == "Parallel":
            self.lane.inner = [self._branch(index) for index in range(len(state.bodies))]
        self.lane.waiting = list(range(state.items)) if state.type == "Map" else []

    def _branch(self, index: int) -> Lane:
        place = self.lane.place.inside(self._visit, branch=index)
        return Lane(place, self.state.bodies[index], last_id=self.lane.last_id)

    def _lanes(self, *, is_resumed: bool) -> Steps:
        self._failed = None
        for inner in self.lane.inner:
            if is_resumed and inner.is_done and inner.failure is None:
                continue
            inner.is_done, inner.failure = False, None
            inner.process = self.world.start(self._lane(inner))
        for _ in range(len(self.lane.waiting)):
            self._start_iteration(self.lane.last_id)
        while self._goes_on():
            yield None
        if self._failed is None:
            yield from self._succeeded()
            return None
        return (yield from self._fall())

    def _goes_on(self) -> bool:
        is_left = bool(self.lane.waiting) or any(not inner.is_done for inner in self.lane.inner)
        return self._failed is None and is_left

    def _start_iteration(self, prev: int) -> None:
        running = sum(not inner.is_done for inner in self.lane.inner)
        if not self.lane.waiting or (self.state.concurrency and running >= self.state.concurrency):
            return
        index = self.lane.waiting.pop(0)
        self.world.ledger.iterations += 1
        place = self.lane.place.inside(self._visit, index=index)
        inner = Lane(place, self.state.bodies[0], iteration=index)
        inner.last_id = self.world.write("MapIterationStarted", prev, inner, name=self.state.name, index=index)
        self.lane.inner.append(inner)
        inner.process = self.world.start(self._lane(inner))

    def _lane(self, inner: Lane) -> Steps:
        """Run a lane; then see what its end means to the container."""
        yield self.world.pause()
        try:
            yield from self._run_lane(self.world, inner)
        except Failed as failure:
            inner.failure = failure
            self._failed = self._failed or inner
        inner.is_done = True
        if self._failed is None:
            last_id = inner.last_id
            if inner.iteration is not None:
                self.lane.last_id = self._iteration("Succeeded", inner, last_id)
                self._start_iteration(last_id)
            else:
                self.lane.last_id = last_id
        assert self.lane.process is not None
        self.world.wake(self.lane.process)

    def _iteration(self, kind: str, inner: Lane, prev: int) -> int:
        return self.world.write(f"MapIteration{kind}", prev, self.lane, name=self.state.name, index=inner.iteration)

    def _succeeded(self) -> Steps:
        visit, prev = self._visit, self.lane.last_id
        self.world.write(f"{self.state.type}StateSucceeded", prev, self.lane)
        if not visit.is_over:
            visit.last.done_at = self.world.now
        yield self.world.pause()
        if not visit.is_over:
            visit.last.end("succeeded", visit.last.done_at or self.world.now)
        left(self.world, self.lane, visit, prev)

    def _fall(self) -> Steps:
        """The first lane's failure ends the others, a moment later; AWS writes what it aborts, all pointing at it."""
        failed = self._failed
        assert failed is not None
        assert failed.failure is not None
        yield self.world.random.choice((0, 0, 0, 1, 7))
        for inner in self.lane.inner:
            kill(inner)
        for inner in self.lane.inner:
            self._abort(inner, failed.failure.event_id, is_cause=inner is failed)
        failure = failed.failure
        return Failed(failure.event_id, self._visit, failure.innermost, failure.error, failure.at)

    def _abort(self, inner: Lane, prev: int, *, is_cause: bool) -> None:
        if inner.is_done and inner.failure is None:
            return
        if inner.iteration is not None:
            self._iteration("Failed" if is_cause else "Aborted", inner, prev)
        write_aborted(self.world, inner, prev)

    def _distributed(self, *, is_resumed: bool) -> Steps:
        world, visit = self.world, self._visit
        arn = f"arn:aws:states:us-east-1:111122223333:mapRun:m/{visit.name}:{visit.id}-{visit.last.number}"
        details = {"mapRunArn": arn}
        if is_resumed:
            started = world.write("MapRunRedriven", visit.last.event_id, self.lane, **details, redriveCount=1)
            resume(visit)
        else:
            started = world.write("MapRunStarted", self.lane.last_id, self.lane, **details)
            visit.last.map_run_arn = arn
        yield world.pause()
        if world.luck(world.trouble / 2):
            event_id = world.write("MapRunFailed", started, self.lane, error=THRESHOLD)
            if not visit.is_over:
                visit.last.end("failed", world.now, THRESHOLD)
            return Failed(event_id, visit, visit, THRESHOLD, world.now)
        ended = world.write("MapRunSucceeded", started, self.lane)
        self.lane.last_id = ended
        if not visit.is_over:
            visit.last.done_at = world.now
        world.write("MapStateSucceeded", ended, self.lane)
        yield world.pause()
        if not visit.is_over:
            visit.last.end("succeeded", visit.last.done_at or world.now)
        left(world, self.lane, visit, world.random.choice((started, ended)))
        return None

    def _end_before_retry(self, failure: Failed) -> None:
        """Between tries a container's try ends when its child failed."""
        visit, ledger = self._visit, self.world.ledger
        ledger.close(visit.last, failure.at)
        self._end_failed(failure, failure.at)
        ledger.settle(visit.last, "retried", visit.name)

    def _given_up(self, failure: Failed) -> Failed:
        """The last try failed: the container says so in an event of its own."""
        world, visit = self.world, self._visit
        event_id = world.write(f"{self.state.type}StateFailed", failure.event_id, self.lane)
        self.lane.last_id = event_id
        world.ledger.close(visit.last, world.now)
        is_rerun = visit.redrive < len(world.ledger.redrives)
        self._end_failed(failure, world.now)
        visit.is_over, visit.is_resumed = True, False
        # The row of a container in which a redrive went on has its end in an earlier run: what counts is the failure.
        at = failure.innermost.last.ended_at or world.now if is_rerun else world.now
        return Failed(event_id, visit, failure.innermost, failure.error, at)

    def _end_failed(self, failure: Failed, at: int) -> None:
        visit = self._visit
        if not visit.is_over:
            visit.last.end("failed", at, failure.error)
            visit.last.is_error_of_fail = failure.innermost.type == "Fail"


def kill(lane: Lane) -> None:
    """Stop a lane and all inside it."""
    if lane.process is not None:
        lane.process.is_dead = True
    for inner in lane.inner:
        kill(inner)


def write_aborted(world: World, lane: Lane, prev: int) -> None:
    """Write that what a lane was in is aborted: the event says neither which state nor where."""
    visit = lane.current
    if visit is None or visit.exited_at is not None:
        return
    for inner in lane.inner if visit.type in ("Map", "Parallel") else ():
        if not (inner.is_done and inner.failure is None):
            write_aborted(world, inner, prev)
    if visit.type in ("Task", "Wait", "Map", "Parallel"):
        world.write(f"{visit.type}StateAborted", prev, lane)
