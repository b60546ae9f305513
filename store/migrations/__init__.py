"""The schema of store.db, a module for each step, in the order of their numbers; steps are only ever added.

Times are integer milliseconds since 1970 UTC, days whole UTC days since 1970. `stale_days` is kept by triggers, so
that whatever writes, by whatever path, a day whose executions changed is folded again.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from store.sqlite import Migrations

MS_PER_DAY = 86_400_000

migrations = Migrations("stepscope")

for _step in sorted(module.name for module in pkgutil.iter_modules(__path__)):
    migrations(name=_step)(import_module(f"{__name__}.{_step}").migrate)
