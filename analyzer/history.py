"""The fold: the events of one execution, in one forward pass by id, into visits and tries.

Every event is attributed by ancestry, through `previousEventId`, never by adjacency or by name order: siblings of a
Parallel or a concurrent Map interleave. What each pattern of events means, and the recordings that show it, is in
docs/histories.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analyzer.folding import containers, endings, states, work
from analyzer.folding.endings import STATUS_OF_END
from analyzer.folding.places import aside
from analyzer.folding.run import Asl, Handler, Run, last_open
from analyzer.folding.visits import Place
from store.events import EVENTS, Event, UnknownEvent, time_ms


def folded(events: Sequence[Event], asl: Asl | None = None) -> Run:
    """The visits and tries of one execution, from its events in any order.

    `asl` settles what events do not say: the order of branches and the error of a Fail state inside a container.
    A history that lacks its end or some ids gives what it holds, with `completeness` saying so; one whose ids are
    unusable gives counts only.
    """
    run = Run(asl)
    ordered = _ordered(events)
    run.event_count = len(ordered)
    if not _has_usable_ids(ordered):
        return _counted_only(run, ordered)
    handlers, places, at = HANDLERS, run.places, None
    place_of = places.get
    for event in ordered:
        at = event.at if event.at.__class__ is int else time_ms(event.at)
        places[event.id] = handlers[event.__class__](run, event, at, place_of(event.prev))
    run.last_at = at
    run.completeness = _completeness(run, ordered)
    if run.status is None:
        run.last = last_open(run)
    return run


def _ordered(events: Sequence[Event]) -> Sequence[Event]:
    """The events by id, each id once; as given when they already are, or when their ids are unusable."""
    ids = [event.id for event in events]
    if ids == list(range(1, len(ids) + 1)) or not _has_usable_ids(events):
        return events
    return [event for _, event in sorted({event.id: event for event in events}.items())]


def _has_usable_ids(events: Sequence[Event]) -> bool:
    return min((event.id for event in events), default=1) > 0


def _counted_only(run: Run, events: Sequence[Event]) -> Run:
    """Of a history with masked ids: what can be counted, and its end."""
    run.completeness = "masked"
    for event in events:
        run.entries += event.type.endswith("StateEntered")
        run.iterations += event.type == "MapIterationStarted"
        run.redrive += event.type == "ExecutionRedriven"
        if event.type in STATUS_OF_END:
            run.status = STATUS_OF_END[event.type]
            run.error = event.d.error if event.d else None
    return run


def _completeness(run: Run, events: Sequence[Event]) -> str:
    if events and (events[0].id != 1 or events[-1].id != len(events)):
        return "gap"
    return "complete" if run.status else "cut"


def _unknown(run: Run, event: Event, at: int, place: Place) -> Place:
    run.unknown_events += 1
    return aside(run, event, at, place)


def _handlers() -> dict[type[Event], Handler]:
    by_name: dict[str, Handler] = dict.fromkeys(EVENTS, aside)
    by_name |= {"ExecutionStarted": endings.started, "ExecutionRedriven": endings.redriven}
    by_name |= dict.fromkeys(STATUS_OF_END, endings.ended)
    for name in EVENTS:
        for ending, handler in _HANDLER_OF_ENDING.items():
            if name.endswith(ending):
                by_name[name] = handler(name.removesuffix(ending))
    for family in ("Task", "LambdaFunction", "Activity"):
        by_name |= {f"{family}{kind}": handler for kind, handler in work.HANDLER_OF_WORK.items()}
    by_name |= {
        "EvaluationFailed": work.evaluation_failed,
        "MapIterationStarted": containers.iteration_started,
        "MapRunStarted": containers.map_run_started,
        "MapRunRedriven": containers.map_run_redriven,
        "MapRunFailed": containers.map_run_failed,
    }
    return {EVENTS[name]: by_name[name] for name in EVENTS} | {UnknownEvent: _unknown}


_HANDLER_OF_ENDING: dict[str, Callable[[str], Handler]] = {
    "StateEntered": states.on_entry,
    "StateExited": states.on_exit,
    "StateStarted": containers.on_start,
    "StateFailed": containers.on_failure,
    "StateSucceeded": containers.on_success,
}


HANDLERS = _handlers()
"""What to do with each event, by its struct."""
