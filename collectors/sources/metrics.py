"""What CloudWatch counted, for every machine and for the account, as far back as it is kept.

AWS charges for each metric requested, however many values it has: so they are asked for rarely, once a day unless told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from collectors.arns import parts_of
from collectors.found import machines_found
from collectors.metric_answers import COMPLETE, FORBIDDEN, OPERATION, Answered, answered
from collectors.metric_queries import Stretch, batches, series_of_account, series_wanted, stretches
from collectors.scope import FAILED, Cover, Found, Scope, counted
from store.errors import AwsError, CredentialsError, UnreachableError
from store.metrics import Series, SeriesKey, note_requests, save_points, series_kept

NAME = "metrics"
OPERATIONS = ("ListStateMachines", OPERATION)
IS_CHOSEN = True
"""It costs money: only who names it has it."""

LATE_MS = 3 * 3_600_000
"""How far back values are read again: CloudWatch delivers at best effort, and late."""


def collect(scope: Scope, whole: Cover) -> None:
    """Bring the store up to date with CloudWatch; `whole` says what there is to say, and what it cost.

    Raises `CredentialsError`, `UnreachableError`, and a failed listing of machines.
    """
    machines = machines_found(scope)
    whole.listed = len(machines)
    due = _due(scope, _series(scope, machines))
    if due:
        Reading(scope, whole, machines).read(due)


def _series(scope: Scope, machines: Sequence[Found]) -> list[Series]:
    keys: list[SeriesKey] = []
    places: dict[tuple[str, str], None] = {}
    for machine in machines:
        parts = parts_of(machine.arn)
        if parts is not None:
            places[parts.account, parts.region] = None
            keys += series_wanted(machine, parts.account, parts.region)
    return series_kept(scope.store.db, keys + [key for place in places for key in series_of_account(*place)])


def _end(scope: Scope) -> int:
    """The end of the last period that is over."""
    period_ms = scope.options.metrics_period_s * 1_000
    return scope.begun_at // period_ms * period_ms


def _due(scope: Scope, series: Sequence[Series]) -> list[Series]:
    latest = _end(scope) - scope.options.metrics_every_ms
    return [one for one in series if one.read is None or one.read.last <= latest]


class Reading:
    """One reading of what is due."""

    def __init__(self, scope: Scope, whole: Cover, machines: Sequence[Found]) -> None:
        self._scope, self._whole = scope, whole
        self._arns = {machine.id: machine.arn for machine in machines}
        self._failed: set[int] = set()
        self._requested = 0

    def read(self, due: Sequence[Series]) -> None:
        """Ask for all that is new of these series and save it, the oldest first.

        A series of which a part could not be had is asked from there again by the next pass.
        """
        by_begin: dict[int, list[Series]] = defaultdict(list)
        for one in due:
            by_begin[0 if one.read is None else one.read.last - LATE_MS].append(one)
        options = self._scope.options
        try:
            for begin, series in by_begin.items():
                for stretch in stretches(begin, _end(self._scope), options.metrics_period_s, self._scope.begun_at):
                    self._read_stretch(series, stretch)
        finally:
            self._note_cost(due)

    def _read_stretch(self, series: Sequence[Series], stretch: Stretch) -> None:
        for batch in batches([one for one in series if one.id not in self._failed], stretch):
            try:
                self._keep(batch, stretch, self._answered(batch, stretch))
            except (CredentialsError, UnreachableError):
                raise
            except AwsError as error:
                self._whole.refuse(error)
                self._failed.update(one.id for one in batch)

    def _answered(self, batch: Sequence[Series], stretch: Stretch) -> Answered:
        self._requested += len(batch)
        found = answered(self._scope.connection.api, batch, stretch, self._arns)
        self._requested += len(batch) * (found.pages - 1)
        return found

    def _keep(self, batch: Sequence[Series], stretch: Stretch, found: Answered) -> None:
        for one in batch:
            status = found.statuses[one.id]
            if status == COMPLETE:
                save_points(self._scope.store.db, one.id, stretch.span, found.points[one.id])
            else:
                self._failed.add(one.id)
                outcome = "denied" if status == FORBIDDEN else FAILED
                self._whole.fail(f"{self._scope.connection.name}: CloudWatch answered {status} to metrics", outcome)

    def _note_cost(self, due: Sequence[Series]) -> None:
        region = due[0].key.region
        priced = self._scope.options.priced
        cost = None if priced is None else priced(region, self._requested)
        asked = counted(self._requested, "metric")
        self._whole.notes.append(f"{asked} requested of CloudWatch" + (f" for {cost}" if cost else ""))
        note_requests(self._scope.store.db, self._scope.pass_id, region, self._requested, cost)
