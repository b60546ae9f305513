from __future__ import annotations

from analyzer.folding.visits import (
    ABORTED,
    FAILED,
    RUNNING,
    SUCCEEDED,
    TIMED_OUT,
    TOP,
    Scope,
    Try,
    Visit,
    adopt,
    close,
    close_children,
    enclosing,
    innermost_failure,
)


def visit(name: str, state_type: str = "Task", scope: Scope = TOP, at: int = 0) -> Visit:
    """A visit that has just been entered, known to the container around it."""
    new = Visit(name, state_type, 1, 1, 0, at, scope, None, 1, 0, [Try(1, 1)])
    if scope.container is not None:
        adopt(scope.container, new)
    return new


def inside(container: Visit) -> Scope:
    return Scope(container, container.tries[-1])


def test_a_try_is_a_failure_only_when_it_failed_by_its_own_doing() -> None:
    failures = [
        outcome for outcome in (RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED) if Try(1, 1, outcome).is_failure
    ]
    assert failures == [FAILED, TIMED_OUT]


def test_the_visits_around_a_place_are_innermost_first() -> None:
    outer = visit("Outer", "Map")
    inner = visit("Inner", "Parallel", inside(outer))
    assert list(enclosing(visit("Leaf", scope=inside(inner))))[1:] == [inner, outer]
    assert list(enclosing(inside(inner))) == [inner, outer]
    assert list(enclosing(None)) == list(enclosing(TOP)) == []


def test_the_innermost_failure_is_what_made_the_containers_fail() -> None:
    outer, inner, leaf = visit("Outer", "Map"), visit("Inner", "Map"), visit("Leaf")
    assert innermost_failure(leaf) is leaf
    outer.tries[-1].failed_by, inner.tries[-1].failed_by = inner, leaf
    assert innermost_failure(outer) is leaf


def test_what_a_container_closes_is_aborted_unless_it_had_a_result() -> None:
    container = visit("Both", "Parallel")
    running, done, failed, refused, left = (visit(name, scope=inside(container)) for name in "ABCDE")
    done.tries[-1].done_at = 5
    failed.tries[-1].end(TIMED_OUT, 6, "States.Timeout")
    refused.type = "Fail"
    left.exited_at = 3
    close_children(container.tries[-1], 9)
    ended = [(one.tries[-1].outcome, one.tries[-1].ended_at) for one in (running, done, failed, refused, left)]
    assert ended == [(ABORTED, 9), (SUCCEEDED, 5), (TIMED_OUT, 6), (FAILED, 0), (RUNNING, None)]
    assert [one.is_open for one in (running, done, failed, refused, left)] == [False] * 5
    assert container.is_open


def test_closing_reaches_all_that_is_open_however_deep() -> None:
    innermost = outer = visit("0", "Map")
    for level in range(1, 5_000):
        innermost = visit(f"{level}", "Map", inside(innermost))
    close_children(outer.tries[-1], 7)
    assert innermost.tries[-1].outcome == ABORTED


def test_nothing_ends_before_its_own_last_event() -> None:
    late = visit("Charge", at=4)
    late.tries[-1].scheduled_at, late.tries[-1].started_at = 5, 8
    close(late, 6)
    assert late.tries[-1].ended_at == 8


def test_a_result_once_given_stays() -> None:
    one = visit("Charge")
    one.tries[-1].end(FAILED, 3, "Broken")
    close(one, 9)
    assert (one.tries[-1].outcome, one.tries[-1].ended_at, one.tries[-1].error) == (FAILED, 3, "Broken")
