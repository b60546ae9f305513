"""Executions from files: dumps of the AWS CLI, exports of the console, lines of JSON, logs of CloudWatch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from typing import NamedTuple, Protocol

from collectors.drafts import DefinitionRead, Read
from collectors.dumps import Told
from collectors.merging import Parts
from collectors.scope import COMPLETE, FAILED, INTERRUPTED, PARTIAL, counted
from collectors.slices import Slice, files_in, slices_of
from collectors.workers import read_all
from store.errors import DefinitionError, FileUnreadableError
from store.folder import Store, unwritable_as_error
from store.imports import Ids, ImportedRow, imported_machine, imported_revision, save_imported
from store.machines import RevisionRow
from store.passes import CoverageRow, begun_pass, coverage_saved, finish_pass

SOURCE = "import"

Parse = Callable[[str], object]
"""What reads a definition, and raises `DefinitionError` when it is none."""


class FileProblem(NamedTuple):
    """What is wrong with a line of a file; line 0 is the file as a whole."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.reason}"


class ImportProgress(Protocol):
    """Who is told how an import goes on."""

    def read(self, file: str, executions: int, events: int) -> None:
        """So much has been read so far, the last of it from this file."""


class ImportResult(NamedTuple):
    """What an import gave.

    `outcome` is complete, partial (something was skipped), failed (nothing was of use) or interrupted; `problems` are
    in the order of files and lines, at most a hundred of each few megabytes; `skipped` counts them all.
    """

    pass_id: int
    outcome: str
    sentence: str
    files: int
    executions: int
    events: int
    skipped: int
    problems: tuple[FileProblem, ...]


def import_paths(
    store: Store,
    paths: Sequence[str],
    told: Told,
    parse: Parse,
    clock: Callable[[], int],
    progress: ImportProgress,
    workers: int | Executor = 2,
) -> ImportResult:
    """Import files, folders and, as `-`, standard input. What is of no use is told and skipped, the rest is kept.

    `clock` gives epoch milliseconds. What is more than a few megabytes is read by other processes: those of the pool
    `workers`, or so many forked from this one, which must have no other thread then.
    """
    begun_at = clock()
    with unwritable_as_error(store.folder):
        importing = _Import(store, told, parse, begun_at, begun_pass(store.db, SOURCE, begun_at))
    try:
        with closing(read_all(importing.slices(paths), told, workers)) as read:
            for pieces in read:
                importing.save(pieces)
                progress.read(pieces[-1][0].file, importing.executions, importing.events)
        importing.save_rest()
    except KeyboardInterrupt:
        return importing.result(clock(), INTERRUPTED)
    return importing.result(clock())


class _Import:
    """An import under way."""

    def __init__(self, store: Store, told: Told, parse: Parse, begun_at: int, pass_id: int) -> None:
        self._store, self._told, self._parse = store, told, parse
        self._begun_at, self._pass_id = begun_at, pass_id
        self._parts = Parts(store)
        self._machines: dict[str, int] = {}
        self._revisions: dict[tuple[str, str], int] = {}
        self._saved: Counter[int] = Counter()
        self._lines: Counter[str] = Counter()
        self._problems: list[FileProblem] = []
        self._skipped = 0
        self._files: dict[str, int] = {}
        self.events = 0

    @property
    def executions(self) -> int:
        """How many have been saved."""
        return self._saved.total()

    def slices(self, paths: Sequence[str]) -> Iterator[Slice]:
        """The pieces of all files; a file that cannot be read is told and passed over."""
        for file in files_in(paths):
            self._files[file] = len(self._files)
            try:
                yield from slices_of(file)
            except FileUnreadableError as error:
                self._skip(file, 0, error.sentence)

    def _skip(self, file: str, line: int, reason: str) -> None:
        self._skipped += 1
        self._problems.append(FileProblem(file, line, reason))

    def save(self, batch: Sequence[tuple[Slice, Read]]) -> None:
        """Save what was read from some slices."""
        rows: list[ImportedRow] = []
        with unwritable_as_error(self._store.folder):
            for piece, read in batch:
                self._save_owners(piece.file, read)
                rows += read.rows
                rows += self._parts.ready(read.parts)
                self._tell(piece.file, read)
            self._save(rows)

    def save_rest(self) -> None:
        """Save the executions of which no file held the rest."""
        with unwritable_as_error(self._store.folder):
            self._save(self._parts.rest())

    def _save(self, rows: Sequence[ImportedRow]) -> None:
        save_imported(self._store.db, rows, Ids(self._machines, self._revisions), self._begun_at)
        self._saved.update(map(self._machines.__getitem__, (row.machine for row in rows)))

    def _tell(self, file: str, read: Read) -> None:
        before = self._lines[file]
        self._problems += [FileProblem(file, line and before + line, reason) for line, reason in read.problems]
        self._skipped += read.skipped
        self._lines[file] += read.lines
        self.events += read.events

    def _save_owners(self, file: str, read: Read) -> None:
        """The machines and revisions that the rows belong to."""
        for arn, row in read.machines.items():
            if arn not in self._machines:
                self._machines[arn] = imported_machine(
                    self._store.db, row, self._begun_at, is_type_told=self._told.type is not None
                )
        for (arn, name), definition in read.definitions.items():
            if (arn, name) not in self._revisions:
                self._revisions[arn, name] = self._revision_saved(file, arn, name, definition)

    def _revision_saved(self, file: str, arn: str, name: str, definition: DefinitionRead) -> int:
        problem = self._problem_of(definition.text)
        if problem is not None:
            line = definition.line and self._lines[file] + definition.line
            self._skip(file, line, f"its definition cannot be read, its history counts: {problem}")
        row = RevisionRow(self._machines[arn], name, definition.text, definition.since_at, problem=problem)
        return imported_revision(self._store.db, row, self._begun_at)

    def _problem_of(self, definition: str) -> str | None:
        try:
            self._parse(definition)
        except DefinitionError as error:
            return error.sentence
        return None

    def result(self, now_ms: int, outcome: str | None = None) -> ImportResult:
        """Close the pass, with what it covered."""
        result = ImportResult(
            pass_id=self._pass_id,
            outcome=outcome or self._outcome(),
            sentence="",
            files=len(self._files),
            executions=self.executions,
            events=self.events,
            skipped=self._skipped,
            problems=tuple(sorted(self._problems, key=lambda problem: self._files[problem.file])),
        )
        result = result._replace(sentence=_sentence(result))
        with unwritable_as_error(self._store.folder):
            self._save_coverage(result)
            finish_pass(self._store.db, self._pass_id, now_ms, result.outcome, result.sentence, {}, 0)
        return result

    def _outcome(self) -> str:
        if not self._skipped:
            return COMPLETE
        return PARTIAL if self.executions else FAILED

    def _save_coverage(self, result: ImportResult) -> None:
        for machine_id, count in sorted(self._saved.items()):
            row = CoverageRow(self._pass_id, SOURCE, machine_id, SOURCE, result.outcome, listed=count, saved=count)
            coverage_saved(self._store.db, row)


def _sentence(result: ImportResult) -> str:
    """`12 files: 3,400 executions with 51,000 events; 2 lines or files skipped, the first: …`."""
    sentence = f"{counted(result.files, 'file')}: {counted(result.executions, 'execution')}"
    sentence += f" with {counted(result.events, 'event')}"
    if result.problems:
        sentence += f"; {counted(result.skipped, 'problem')}, the first: {result.problems[0]}"
    return sentence
