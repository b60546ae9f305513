"""One module is one source of records: a file here is all that a new one takes.

It has a `NAME`, which coverage knows it by, and `collect(scope, whole)`: bring the store up to date with one target.
"""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType


def sources() -> tuple[ModuleType, ...]:
    """Every source, by name."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)
