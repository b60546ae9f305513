"""Long histories of odd shapes, each of about as many events as asked for, to see what they cost to fold."""

from __future__ import annotations

from typing import Any

from tests.analyzer.histories import STARTED_AT, cause_at, details_key

Event = dict[str, Any]


class Pen:
    """Writes one event after another."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def __call__(self, event_type: str, prev: int | None = None, **details: Any) -> int:
        """Write an event that points at `prev`, or at the event before; its id."""
        number = len(self.events) + 1
        event: Event = {"id": number, "type": event_type, "timestamp": (STARTED_AT + number) / 1000}
        event["previousEventId"] = number - 1 if prev is None else prev
        self.events.append(event | ({details_key(event_type): details} if details else {}))
        return number


def one_task_after_another(pen: Pen) -> None:
    pen("TaskStateEntered", name="Charge")
    pen("TaskScheduled", resource="invoke", resourceType="lambda")
    pen("TaskStarted")
    pen("TaskSucceeded")
    pen("TaskStateExited", name="Charge")


def tasks_whose_predecessors_are_missing(pen: Pen) -> None:
    pen("TaskStateEntered", 90_001, name="Charge")
    pen("TaskScheduled", 90_002, resource="invoke")
    pen("TaskFailed", 90_003, error="Broken")
    pen("TaskStateExited", 90_004, name="Charge")


def evaluations_that_fail(pen: Pen) -> None:
    entry = pen("PassStateEntered", name="Total")
    pen("EvaluationFailed", entry - 1, state="Total", cause=cause_at("Total", entry))


def evaluations_that_fail_and_say_nothing(pen: Pen) -> None:
    entry = pen("PassStateEntered", name="Total")
    pen("EvaluationFailed", entry - 1, state="Total")


def exits_and_iterations_of_nothing(pen: Pen) -> None:
    pen("MapStateEntered", 0, name=f"Items {len(pen.events)}")
    pen("PassStateExited", 90_001, name="nothing")
    pen("MapIterationStarted", 90_002, name="nowhere", index=1)


def containers_that_fail_and_are_caught(pen: Pen) -> None:
    pen("ParallelStateEntered", name="Both")
    pen("ParallelStateStarted")
    pen("TaskStateEntered", name="Charge")
    pen("TaskFailed", error="Broken")
    pen("ParallelStateFailed")
    pen("ParallelStateExited", name="Both")


REPEATED = [
    one_task_after_another,
    tasks_whose_predecessors_are_missing,
    evaluations_that_fail,
    evaluations_that_fail_and_say_nothing,
    exits_and_iterations_of_nothing,
    containers_that_fail_and_are_caught,
]


def branches(pen: Pen, events: int) -> None:
    pen("ParallelStateEntered", 0, name="All")
    started = pen("ParallelStateStarted")
    for number in range(events):
        pen("PassStateEntered", started, name=f"Branch {number}")


def iterations(pen: Pen, events: int) -> None:
    pen("MapStateEntered", 0, name="Items")
    started = pen("MapStateStarted")
    for index in range(events // 2):
        pen("MapIterationStarted", started, name="Items", index=index)
        pen("PassStateEntered", name="Item")


def a_map_tried_again_and_again(pen: Pen, events: int) -> None:
    pen("MapStateEntered", 0, name="Items")
    for _ in range(events // 3):
        pen("MapStateStarted")
        pen("MapIterationStarted", name="Items", index=0)
        pen("FailStateEntered", name="Refuse")


def redrives(pen: Pen, events: int) -> None:
    entry = pen("TaskStateEntered", 0, name="Charge")
    for _ in range(events // 4):
        pen("TaskScheduled", entry, resource="invoke", resourceType="lambda")
        pen("TaskFailed", error="Broken")
        pen("ExecutionFailed", error="Broken")
        pen("ExecutionRedriven")


def redrives_inside_a_container(pen: Pen, events: int) -> None:
    pen("ParallelStateEntered", 0, name="Both")
    pen("ParallelStateStarted")
    entry = pen("TaskStateEntered", name="Charge")
    for _ in range(events // 5):
        pen("TaskScheduled", entry, resource="invoke", resourceType="lambda")
        pen("TaskFailed", error="Broken")
        pen("ParallelStateFailed")
        pen("ExecutionFailed", error="Broken")
        pen("ExecutionRedriven")


def redrives_of_much_that_is_open(pen: Pen, events: int) -> None:
    for number in range(events // 2):
        pen("WaitStateEntered", 0, name=f"Pause {number}")
    for _ in range(events // 4):
        pen("ExecutionAborted", 0)
        pen("ExecutionRedriven")


def containers_within_containers(pen: Pen, events: int) -> None:
    """As deep as there is room, and then a failure that goes all the way up."""
    depth = events // 3
    for level in range(depth):
        pen("ParallelStateEntered", name=f"{level}")
        pen("ParallelStateStarted")
    pen("FailStateEntered", name="Refuse")
    for _ in range(depth):
        pen("ParallelStateFailed")
    pen("ExecutionFailed", error="Refused")


def containers_within_containers_that_end_at_once(pen: Pen, events: int) -> None:
    for level in range(events // 3):
        pen("MapStateEntered", name=f"{level}")
        pen("MapStateStarted")
        pen("MapIterationStarted", name=f"{level}", index=0)
    entry = pen("TaskStateEntered", name="Charge")
    pen("ExecutionFailed", error="States.Runtime", cause=cause_at("Charge", entry))


def a_fail_after_containers_within_containers(pen: Pen, events: int) -> None:
    depth = events // 3
    for level in range(depth):
        pen("ParallelStateEntered", name=f"{level}")
        pen("ParallelStateStarted")
    for level in reversed(range(depth)):
        pen("ParallelStateExited", name=f"{level}")
    pen("FailStateEntered", name="Refuse")
    pen("ExecutionFailed", error="Refused")


WHOLE = [
    branches,
    iterations,
    a_map_tried_again_and_again,
    redrives,
    redrives_inside_a_container,
    redrives_of_much_that_is_open,
    containers_within_containers,
    containers_within_containers_that_end_at_once,
    a_fail_after_containers_within_containers,
]


def shaped(name: str, events: int) -> list[Event]:
    """The history of this shape, `name` being that of a function above."""
    pen = Pen()
    pen("ExecutionStarted", 0)
    for whole in WHOLE:
        if whole.__name__ == name:
            whole(pen, events)
    for part in REPEATED:
        while part.__name__ == name and len(pen.events) < events:
            part(pen)
    return pen.events


SHAPES = [function.__name__ for function in (*REPEATED, *WHOLE)]
