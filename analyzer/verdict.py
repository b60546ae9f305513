"""What a folded run means: its root state, what became of each failure, whether a success hides one."""

from __future__ import annotations

from analyzer.folding.run import Run
from analyzer.folding.visits import Try, Visit, enclosing, innermost_failure


def root_visit(run: Run, tolerant: Visit | None = None) -> Visit | None:
    """The visit whose failure began it all; None when nothing failed or the run did not end in a verdict.

    For a FAILED run the terminal state, or, when that is a Fail state, the innermost state of the nearest caught
    failure that led there. For a masked failure the innermost state of the first caught failure, or `tolerant`, the
    first Distributed Map that tolerated items.
    """
    if run.status == "FAILED" and run.terminal is not None:
        return (_cause_of_fail(run.terminal) or run.terminal) if run.terminal.type == "Fail" else run.terminal
    if run.status != "SUCCEEDED":
        return None
    if run.first_caught is not None:
        return innermost_failure(run.first_caught)
    return tolerant


def _cause_of_fail(fail: Visit) -> Visit | None:
    """The innermost state of the nearest caught failure on the way to a Fail state."""
    here: Visit | None = fail
    while here is not None:
        before = here.after
        if before is not None and (found := _caught_within(before)) is not None:
            return innermost_failure(found)
        here = before if before is not None else next(enclosing(here.scope), None)
    return None


def _caught_within(visit: Visit) -> Visit | None:
    """This visit when its failure was caught, else the last visit inside it whose failure was."""
    to_see = [visit]
    while to_see:
        visit = to_see.pop()
        if visit.caught:
            return visit
        inside = visit.tries[-1].inside
        to_see += inside.visits if inside is not None else ()
    return None


Fate = tuple[str | None, str | None]
"""What became of a failure, and the state that did it: the columns `handled` and `handled_by`."""


def settle_failures(run: Run) -> None:
    """Fill in `handled` and `handled_by` of the failures that their own state neither retried nor caught."""
    fates: dict[tuple[int, int], Fate] = {}
    for visit in run.visits:
        last = visit.tries[-1]
        if last.is_failure and last.handled is None:
            last.handled, last.handled_by = _fate(run, visit, fates)


def _fate(run: Run, visit: Visit, fates: dict[tuple[int, int], Fate]) -> Fate:
    """What the containers around a failed visit made of its failure. `fates` are those known by container and run."""
    passed, fate = [], None
    scope = visit.scope
    while fate is None and scope.owner is not None and scope.container is not None:
        passed.append((id(scope.container), visit.redrive))
        fate = fates.get(passed[-1]) or _handled_in(scope.container, visit.redrive)
        scope = scope.owner.scope
    if fate is None:
        is_over = run.status is not None or visit.redrive < run.redrive
        fate = ("uncaught", None) if is_over else (None, None)
    fates.update(dict.fromkeys(passed, fate))
    return fate


def _handled_in(container: Try, redrive: int) -> Fate | None:
    """What a container made of the failures of one run in its try; None when it passed them on."""
    later = container.inside.later if container.inside is not None else None
    if later is not None and later[0] == redrive:
        return later[1:]
    return (container.handled, container.handled_by) if container.handled in ("retried", "caught") else None
