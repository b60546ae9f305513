"""One module is one source of records: a file here is all that a new one takes.

It has a `NAME`, which coverage knows it by, and `collect(scope, whole)`: bring the store up to date with one target.
`OPERATIONS` are the operations of AWS that it calls, from which `stepscope policy` is composed. A source that not every
target has also says `is_wanted(scope)`; without it, it always has its turn. One with `IS_CHOSEN` has it only when it is
named: it costs money, or reads what others do not.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Collection
from types import ModuleType

from store.errors import MisuseError

LISTS_MACHINES = "standard"
"""The source that goes first: it says which machines there are."""


def sources() -> tuple[ModuleType, ...]:
    """Every source, by name, after the one that lists the machines."""
    found = (module.name for module in pkgutil.iter_modules(__path__))
    names = sorted(found, key=lambda name: (name != LISTS_MACHINES, name))
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)


def is_chosen(source: ModuleType, only: Collection[str]) -> bool:
    """Whether a source is among those named or, when none is, among those that nobody has to name."""
    return source.NAME in only if only else not getattr(source, "IS_CHOSEN", False)


def source_named(name: str) -> ModuleType:
    """The source that coverage knows by this name. Raises `MisuseError` for a name that none has."""
    known = {source.NAME: source for source in sources()}
    if name not in known:
        raise MisuseError(f"there is no source called {name!r}", f"There are {', '.join(known)}.")
    return known[name]
