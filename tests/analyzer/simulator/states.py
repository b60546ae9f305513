"""What single states do: they are entered, work, fail, are tried again, caught and left."""

from __future__ import annotations

from tests.analyzer.simulator.ledger import Visit
from tests.analyzer.simulator.program import Container, Leaf, State, Task
from tests.analyzer.simulator.world import Failed, Lane, Steps, World, cause_at

BACKOFF_MS = 100
LONG_MS = 5_000
QUERY_ERROR = "States.QueryEvaluationError"
RESOURCES = {"LambdaFunction": "arn:aws:lambda:us-east-1:111122223333:function:charge", "Activity": None}


def entered(world: World, lane: Lane, state: State) -> Visit:
    """A visit of a state, after its `*StateEntered`."""
    prev = lane.last_id
    lane.last_id = world.write(f"{type_of(state)}StateEntered", prev, lane, name=state.name)
    visit = world.ledger.enter(state.name, type_of(state), (lane.last_id, prev), world.now, lane.place, lane.after)
    lane.current = visit
    return visit


def type_of(state: State) -> str:
    return "Task" if isinstance(state, Task) else state.type


def left(world: World, lane: Lane, visit: Visit, prev: int) -> None:
    """A state is left, whether well or by its Catch."""
    lane.last_id = world.write(f"{visit.type}StateExited", prev, lane, name=visit.name)
    visit.exited_at = world.now
    visit.is_over, visit.is_resumed = True, False
    lane.after, lane.current = visit, None


def leaf(world: World, lane: Lane, state: Leaf) -> Steps:
    """A Pass, Choice, Wait, Succeed or Fail."""
    visit = lane.current
    if visit is None:
        visit = entered(world, lane, state)
        if state.type == "Fail":
            visit.last.is_error_of_fail = True
            raise Failed(lane.last_id, visit, visit, state.error, world.now)
    yield LONG_MS if state.type == "Wait" and world.luck(0.2) else world.pause()
    if world.luck(world.trouble / 20):
        yield from world.collapse(lane, visit)
    if state.type != "Succeed" and world.luck(world.trouble / 20):
        raise _evaluation_failed(world, lane, _resumed(world, visit))
    if visit.is_over:
        visit = world.ledger.again(visit, len(world.events) + 1, world.ledger.redrives[-1][1])
    visit.last.end("succeeded", world.now)
    left(world, lane, visit, visit.entered_id)


def _resumed(world: World, visit: Visit) -> Visit:
    """The visit itself, or the one that running it again in a redrive is, opened by the next event."""
    return world.ledger.again(visit, len(world.events) + 1, world.now) if visit.is_over else visit


def _evaluation_failed(world: World, lane: Lane, visit: Visit) -> Failed:
    """AWS points at the event before the entry, for a Wait at the entry."""
    prev = visit.entered_id if visit.type == "Wait" else visit.prev
    event_id = evaluation(world, lane, visit, prev)
    visit.last.end("failed", world.now, QUERY_ERROR)
    return Failed(event_id, visit, visit, QUERY_ERROR, world.now)


def evaluation(world: World, lane: Lane, visit: Visit, prev: int) -> int:
    """Write an `EvaluationFailed`."""
    lane.last_id = world.write(
        "EvaluationFailed", prev, lane, error=QUERY_ERROR, cause=cause_at(visit), location="Output", state=visit.name
    )
    return lane.last_id


def task(world: World, lane: Lane, state: Task) -> Steps:
    """A Task: tried, retried, caught or failed."""
    resumed = lane.current
    visit = entered(world, lane, state) if resumed is None else resumed
    lane.last_id = visit.entered_id
    for retries_left in reversed(range(state.retries + 1)):
        yield world.pause()
        error = yield from Work(world, lane, state).steps()
        visit = lane.current or visit
        if error is None:
            visit.last.end("succeeded", visit.last.done_at or world.now)
            left(world, lane, visit, lane.last_id)
            return
        if retries_left:
            yield BACKOFF_MS + world.pause()
    yield from given_up(world, lane, state, Failed(lane.last_id, visit, visit, error, visit.last.ended_at or world.now))


def given_up(world: World, lane: Lane, state: Task | Container, failure: Failed) -> Steps:
    """The last try failed: caught by the state itself, or on its way up."""
    if not state.catches:
        raise failure
    yield world.pause()
    visit = failure.visit
    world.ledger.catch(visit, failure.innermost)
    left(world, lane, visit, failure.event_id)
    lane.at_handler = state.handler is not None


class Work:
    """One try of a Task."""

    def __init__(self, world: World, lane: Lane, state: Task) -> None:
        self.world = world
        self.lane = lane
        self.state = state

    def steps(self) -> Steps:
        """Try; the error, None when it went well."""
        world, trouble = self.world, self.world.trouble
        if world.luck(trouble / 20):
            yield from world.collapse(self.lane, self._current)
        if world.luck(trouble / 10):
            return self._not_evaluated(self._visit().prev)
        if world.luck(trouble / 10) and self.state.family != "Task":
            return self._fail("ScheduleFailed", "failed", "Lambda.AWSLambdaException")
        self._schedule()
        yield world.pause()
        if world.luck(trouble / 10):
            kind = {"Activity": "TimedOut", "LambdaFunction": "ScheduleFailed"}.get(self.state.family, "StartFailed")
            return self._fail(kind, "timed_out" if kind == "TimedOut" else "failed", "States.Timeout")
        self._step("Started")
        self._current.last.started_at = world.now
        return (yield from self._run())

    def _run(self) -> Steps:
        world = self.world
        yield world.pause()
        if self.state.family == "Task" and self.state.is_submitted:
            if world.luck(world.trouble / 10):
                return self._fail("SubmitFailed", "failed", "SQS.SdkClientException")
            self._step("Submitted")
            self._current.last.submitted_at = world.now
        yield LONG_MS if world.luck(world.trouble / 5) else world.pause()
        if world.luck(world.trouble):
            timed_out = world.luck(0.3)
            return self._fail("TimedOut", "timed_out", "States.Timeout") if timed_out else self._failed()
        self._step("Succeeded")
        self._current.last.done_at = world.now
        yield world.pause()
        if world.luck(world.trouble / 20):
            yield from world.collapse(self.lane, self._current)
        if world.luck(world.trouble / 10):
            return self._not_evaluated(self.world.random.choice((self.lane.last_id, self._current.prev)))
        return None

    @property
    def _current(self) -> Visit:
        assert self.lane.current is not None
        return self.lane.current

    def _visit(self) -> Visit:
        """The visit that this try belongs to; after a redrive a new one, opened by the next event."""
        if self._current.is_over:
            self.lane.current = self.world.ledger.again(self._current, len(self.world.events) + 1, self.world.now)
        return self._current

    def _schedule(self) -> None:
        visit = self._visit()
        event_id = self._step("Scheduled", timeoutInSeconds=60)
        last = visit.last
        if last.scheduled_at is not None or last.outcome != "running":
            last = self.world.ledger.next_try(visit, event_id, self.world.now)
        last.event_id, last.scheduled_at = event_id, self.world.now
        last.resource = RESOURCES.get(self.state.family, "invoke")
        last.resource_type = "lambda" if self.state.family == "Task" else f"{self.state.family}Scheduled"

    def _step(self, kind: str, **details: object) -> int:
        family = self.state.family
        resource = RESOURCES.get(family, "invoke")
        details["resource"] = resource if kind == "Scheduled" or family == "Task" else None
        details["resourceType"] = "lambda" if family == "Task" else None
        self.lane.last_id = self.world.write(f"{family}{kind}", self.lane.last_id, self.lane, **details)
        return self.lane.last_id

    def _failed(self) -> str:
        return self._fail("Failed", "failed", self.world.random.choice(("CardDeclined", "주문 오류")))

    def _fail(self, kind: str, outcome: str, error: str) -> str:
        self._visit()
        return self._end(self._step(kind, error=error), outcome, error)

    def _not_evaluated(self, prev: int) -> str:
        return self._end(evaluation(self.world, self.lane, self._visit(), prev), "failed", QUERY_ERROR)

    def _end(self, event_id: int, outcome: str, error: str) -> str:
        last = self._current.last
        if last.outcome != "running":
            last = self.world.ledger.next_try(self._current, event_id, self.world.now)
        last.end(outcome, self.world.now, error)
        return error
