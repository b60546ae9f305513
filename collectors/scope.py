"""What a source works within: one pass over one target, and what it says while it works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from collectors.connections import THREADS, Connection
from store.errors import AwsError
from store.folder import Store
from store.migrations import MS_PER_DAY
from store.passes import CoverageRow, coverage_saved

if TYPE_CHECKING:
    from collectors.sessions import Target

COMPLETE, PARTIAL, FAILED, INTERRUPTED, NOT_COLLECTED = "complete", "partial", "failed", "interrupted", "not_collected"
SAMPLED = "sampled"
"""All was got but the histories of some successes, which others stand for: what `--max-time` asked for."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 machine`, `2,000 histories`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@dataclass(frozen=True)
class Options:
    """What to collect. `since` is the epoch millisecond at which a machine's first listing ends.

    `max_ms` is how long the histories of one target may take; None for as long as they do. `hides_accounts` keeps
    causes without the numbers of AWS accounts. `queue` is the URL of the SQS queue that gets a target's status changes,
    `received` what was already taken from it; `only` names the sources whose turn it is: without any, those that nobody
    has to choose. CloudWatch is asked once in `metrics_every_ms` for values of `metrics_period_s`; `priced` says what a
    number of metrics costs in a Region, if it is known. With `counts_logs` Logs Insights counts Express executions, and
    only the records of failures are read.
    """

    since: int
    machines: tuple[str, ...] = ()
    threads: int = THREADS
    max_ms: int | None = None
    hides_accounts: bool = False
    queue: str | None = None
    received: tuple[Mapping[str, Any], ...] = ()
    only: tuple[str, ...] = ()
    counts_logs: bool = False
    metrics_every_ms: int = MS_PER_DAY
    metrics_period_s: int = 3_600
    priced: Callable[[str, int], str | None] | None = None

    def of(self, target: Target) -> Options:
        """What to collect from one target; machines that were asked for go before those of the target."""
        return replace(self, machines=self.machines or target.machines, queue=target.queue)

    def wants(self, name: str, arn: str) -> bool:
        """Whether a machine is asked for: by its ARN, or by a pattern of its name such as `order*`."""
        return not self.machines or any(arn == asked or fnmatchcase(name, asked) for asked in self.machines)


class Found(NamedTuple):
    """A machine of the store that the target lists; its current revision is None where that was not read."""

    id: int
    arn: str
    name: str
    type: str
    revision_id: int | None = None


class Progress(Protocol):
    """Who is told how a pass goes on."""

    def connected(self, target: str) -> None:
        """A target's turn has come."""

    def listed(self, machine: str, executions: int) -> None:
        """So many executions of this machine have been listed so far."""

    def fetched(self, done: int, total: int, seconds_left: float) -> None:
        """So many of the histories have been dealt with; the rest needs at least this long within the quota."""


class Silent:
    """A `Progress` that tells nobody."""

    def connected(self, target: str) -> None:
        """Nothing."""

    def listed(self, machine: str, executions: int) -> None:
        """Nothing."""

    def fetched(self, done: int, total: int, seconds_left: float) -> None:
        """Nothing."""


@dataclass
class Cover:
    """What this pass has got so far of one machine (or of a whole target when `machine_id` is None).

    `reasons` counts the executions whose history was not got, by why; `left_out` those that a sample stands for;
    `problems` are the sentences to tell the user.
    """

    machine_id: int | None
    name: str
    source: str
    outcome: str = COMPLETE
    listed_from: int | None = None
    listed_to: int | None = None
    listed: int = 0
    saved: int = 0
    left_out: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    row_id: int | None = None

    def fail(self, problem: str, outcome: str) -> None:
        """Say what went wrong; the user is told."""
        self.leave(outcome)
        if problem not in self.problems:
            self.problems.append(problem)

    def leave(self, outcome: str) -> None:
        """Give it an outcome that is not complete; the first one stays."""
        self.outcome = outcome if self.outcome == COMPLETE else self.outcome

    def refuse(self, error: AwsError) -> None:
        """As `fail`, in the words of an error of AWS."""
        self.fail(error.sentence, error.outcome)

    @property
    def missed(self) -> int:
        """Executions whose history was wanted and not got."""
        return self.reasons.total()

    @property
    def sentence(self) -> str | None:
        """All that there is to say about it."""
        missed = [f"{count} {'history' if count == 1 else 'histories'} {why}" for why, count in self.reasons.items()]
        sampled = [f"{counted(self.left_out, 'history', 'histories')} left out: a sample"] if self.left_out else []
        return "; ".join((*self.notes, *self.problems, *missed, *sampled)) or None


@dataclass
class Scope:
    """One pass in one target: the store, the connection, what is wanted, when the pass began and what it covered.

    `express` are the machines of that type that were wanted and found: their runs stand in logs only. `machines` are
    all that were wanted and found, None when nobody has looked yet.
    """

    store: Store
    pass_id: int
    begun_at: int
    clock: Callable[[], int]
    connection: Connection
    options: Options
    progress: Progress
    covers: list[Cover] = field(default_factory=list)
    express: list[int] = field(default_factory=list)
    machines: list[Found] | None = None

    def cover(self, machine_id: int | None, name: str, source: str) -> Cover:
        """A new cover, known to this scope so that it is saved however the pass ends."""
        self.covers.append(Cover(machine_id, name, source))
        return self.covers[-1]

    def save(self, cover: Cover, *, is_over: bool = True) -> None:
        """Write what is covered so far; until it is over it counts as interrupted, should the process be killed."""
        row = CoverageRow(
            self.pass_id,
            self.connection.name,
            cover.machine_id,
            cover.source,
            cover.outcome if is_over or cover.outcome != COMPLETE else INTERRUPTED,
            cover.listed_from,
            cover.listed_to,
            cover.listed,
            cover.saved,
            cover.missed,
            cover.sentence,
        )
        cover.row_id = coverage_saved(self.store.db, row, cover.row_id)
