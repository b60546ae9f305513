"""Whole executions: lanes are run, ended, and redriven."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from tests.analyzer.simulator.containers import Contained
from tests.analyzer.simulator.ledger import Ledger, Place
from tests.analyzer.simulator.program import Body, Definition, Leaf, State, Task
from tests.analyzer.simulator.states import leaf, task
from tests.analyzer.simulator.world import Failed, Lane, Steps, World


@dataclass(frozen=True)
class Recording:
    """A simulated execution: its events as GetExecutionHistory gives them, and what really happened."""

    events: list[dict[str, Any]]
    truth: Ledger
    definition: Definition
    lanes: list[Lane | None]


def simulated(
    body: Body,
    seed: int,
    *,
    trouble: float = 0.25,
    redrives: int = 2,
    redrive_chance: float = 0.6,
    limit: int = 400,
) -> Recording:
    """An execution of a machine. `trouble` is how likely it is that something goes wrong, 0 to 1.

    One that did not succeed is redriven with that chance, and no more than so often.
    """
    world = World(Random(seed), trouble, limit)
    world.write("ExecutionStarted", 0, roleArn="arn:aws:iam::111122223333:role/r")
    world.ledger.started_at = world.ledger.resumed_at = world.now
    top = Lane(Place(), body)
    _run(world, top)
    while redrives and world.is_over and _is_redrivable(world, top) and world.luck(redrive_chance):
        _redrive(world, top)
        redrives -= 1
    if not world.is_over:
        world.ledger.leave_open()
    return Recording(world.events, world.ledger, Definition(body), world.lanes_of_events)


def _run(world: World, top: Lane) -> None:
    top.process = world.start(_execution(world, top))
    if world.luck(world.trouble / 3):
        world.start(_stopped(world))
    world.play()


def _execution(world: World, top: Lane) -> Steps:
    yield world.pause()
    try:
        yield from lane_steps(world, top)
    except Failed as failure:
        top.failure = failure
        yield world.pause()
        world.end("FAILED", failure.event_id, failure.error, None, failure.innermost)
        return
    top.is_done = True
    yield world.pause()
    world.end("SUCCEEDED", top.last_id, None, None, None)


def _stopped(world: World) -> Steps:
    """Someone stops the execution, or its time is up: one event, which points at nothing."""
    yield world.random.randrange(1, 400)
    if world.luck(0.5):
        world.end("ABORTED", 0, None, None, None)
    else:
        world.end("TIMED_OUT", 0, None, None, None)


def lane_steps(world: World, lane: Lane) -> Steps:
    """Run the states of a lane, from where it stands."""
    while (state := _state_at(lane)) is not None:
        yield from _state_steps(world, lane, state)
        if isinstance(state, Leaf) and state.type in ("Succeed", "Fail"):
            return
        if not lane.at_handler:
            lane.index += 1
        lane.inner = []


def _state_at(lane: Lane) -> State | None:
    states, loops = lane.body.states, lane.body.loops
    if lane.at_handler:
        state = states[lane.index]
        assert not isinstance(state, Leaf)
        return state.handler
    if lane.index < len(states):
        return states[lane.index]
    if lane.index == len(states) and lane.loops < loops:
        return lane.body.choice
    if lane.index > len(states):
        lane.index, lane.loops = 0, lane.loops + 1
        return states[0]
    return None


def _state_steps(world: World, lane: Lane, state: State) -> Steps:
    if isinstance(state, Leaf):
        return leaf(world, lane, state)
    if isinstance(state, Task):
        return task(world, lane, state)
    return Contained(world, lane, state, lane_steps).steps()


def _is_redrivable(world: World, top: Lane) -> bool:
    """Not after success; and not where what AWS writes for it was never seen: a Fail inside a container."""
    return world.ledger.status != "SUCCEEDED" and not _stands_at_fail(top)


def _stands_at_fail(lane: Lane) -> bool:
    if lane.place.owner is not None and lane.current is not None and lane.current.type == "Fail":
        return True
    return any(_stands_at_fail(inner) for inner in lane.inner if not (inner.is_done and inner.failure is None))


def _redrive(world: World, top: Lane) -> None:
    last_id = len(world.events)
    world.now += 10_000 + world.pause()
    ledger = world.ledger
    ledger.redrives.append(
        (world.write("ExecutionRedriven", last_id, redriveCount=len(ledger.redrives) + 1), world.now)
    )
    ledger.status = ledger.error = ledger.terminal = ledger.last = None
    ledger.resumed_at = world.now
    world.is_over = False
    visit = top.current
    if visit is not None and visit.type == "Fail":
        world.now += 35
        state = _state_at(top)
        assert isinstance(state, Leaf)
        world.end("FAILED", last_id + 1, state.error, None, visit)
        return
    top.failure = None
    _run(world, top)
