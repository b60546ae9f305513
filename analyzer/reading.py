"""The facts of a store, opened for analyses: both tables over a window, the definitions and the prices."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import narwhals as nw

from analyzer.definition import Definition, parse_definition
from analyzer.prices import PriceBook
from analyzer.records import Lazily, Records
from analyzer.registry import Facts, MachineKey
from analyzer.window import Window
from store.errors import DefinitionError
from store.facts import open_facts
from store.folder import readable_store
from store.machines import machines, revisions
from store.settings import Settings

DEFAULTS = Settings()


@contextmanager
def facts_within(
    folder: Path,
    window: Window,
    definitions: Mapping[MachineKey, Definition],
    book: PriceBook,
    now_ms: int,
    settings: Settings = DEFAULTS,
) -> Iterator[Facts]:
    """The facts of the executions in a window, while they are open; of a store without facts, empty tables."""
    with _ctrl_c_heard(), open_facts(folder, window.since_ms, window.until_ms) as tables:
        executions, attempts = (nw.from_native(table).lazy() for table in tables)
        facts = Facts(executions, attempts, definitions, book, now_ms, Records(folder), settings=settings)
        yield facts.within(window.within_its_days)


@contextmanager
def _ctrl_c_heard() -> Iterator[None]:
    """Ctrl-C stays what it is: the engine hears it while it works, and says so in words of its own."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise


def newest_definitions(folder: Path) -> Mapping[MachineKey, Definition]:
    """The newest definition of each machine of a store that could be parsed; read when first looked at."""
    return Lazily(functools.partial(_newest_definitions, folder))


def _newest_definitions(folder: Path) -> dict[MachineKey, Definition]:
    with readable_store(folder) as store:
        named = {m.id: MachineKey(m.account or "", m.region or "", m.name) for m in machines(store.db)}
        newest = {named[revision.machine_id]: revision.definition for revision in revisions(store.db)}
    parsed = {machine: _parsed(text) for machine, text in newest.items()}
    return {machine: definition for machine, definition in parsed.items() if definition is not None}


def _parsed(text: str | None) -> Definition | None:
    try:
        return parse_definition(text) if text else None
    except DefinitionError:
        # Why it cannot be read stands in the store, beside the revision; the comparison says that none is known.
        return None
