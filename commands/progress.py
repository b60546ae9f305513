"""What a pass of the collector and an import show on a terminal while they work; on anything else they are silent."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.text import Text

from commands.wording import counted, duration, plain

NAME_CHARS = 40
_MINUTE_S = 60


class PassProgress:
    """A `collectors.scope.Progress` with two lines: what is listed, and how many histories are fetched."""

    def __init__(self, console: Console) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), _Done(), _Left())
        self._bars = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._listing = self._bars.add_task("connecting", total=None)
        self._fetching = self._bars.add_task("histories", total=None, visible=False)
        self._target = ""
        self._listed: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def connected(self, target: str) -> None:
        """A target's turn has come."""
        self._target, self._listed = target, {}
        self._bars.update(self._listing, description=f"listing {plain(target)}")
        self._bars.update(self._fetching, visible=False)

    def listed(self, machine: str, executions: int) -> None:
        """So many executions of this machine have been listed so far."""
        self._listed[machine] = executions
        everything = counted(sum(self._listed.values()), "execution")
        self._bars.update(self._listing, description=f"listing {plain(machine)[:NAME_CHARS]}: {everything} so far")

    def fetched(self, done: int, total: int, seconds_left: float) -> None:
        """So many of the histories have been dealt with; the rest needs at least this long within the quota."""
        self._bars.update(self._listing, visible=False)
        self._bars.update(self._fetching, completed=done, total=total, visible=True, least=seconds_left)


class _Done(MofNCompleteColumn):
    """`1200/10000`, once the total is known."""

    def render(self, task: Task) -> Text:
        return Text() if task.total is None else super().render(task)


class _Left(ProgressColumn):
    """How long the rest will take: by the speed so far, and never less than the quota allows."""

    def render(self, task: Task) -> Text:
        if task.total is None:
            return Text()
        seconds = round(max(float(task.fields.get("least", 0.0)), task.time_remaining or 0.0))
        return Text(f"about {f'{seconds} s' if seconds < _MINUTE_S else duration(seconds * 1_000)} left")


class ImportProgress:
    """A line on a terminal, drawn when something was read and never in between.

    Processes are forked meanwhile, and a thread that draws could hold a lock just then.
    """

    def __init__(self, console: Console) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
        self._line = Progress(
            *columns, console=console, transient=True, auto_refresh=False, disable=not console.is_terminal
        )
        self._task = self._line.add_task("reading", total=None)

    def __enter__(self) -> Self:
        self._line.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._line.stop()

    def read(self, file: str, executions: int, events: int) -> None:
        """So much has been read so far, the last of it from this file."""
        so_far = f"{counted(executions, 'execution')} with {counted(events, 'event')}"
        self._line.update(self._task, description=f"{so_far}, from {plain(file)}", refresh=True)
