"""Sample data and one's own never share a store: figures over both would be of neither."""

from __future__ import annotations

from store.errors import MisuseError
from store.folder import Store
from store.freshness import freshness
from store.passes import passes

KIND = "demo"
"""The kind of the passes that sample data comes with."""


def refuse_sample(store: Store) -> None:
    """Raise MisuseError for a store with sample data, which nothing else may be added to."""
    if freshness(store.db).is_sample:
        raise MisuseError(f"{store.folder} holds sample data", "Choose another --store, or delete that folder.")


def refuse_own(store: Store) -> None:
    """Raise MisuseError for a store with data of one's own, which no sample data may be added to."""
    if passes(store.db, limit=1) and not freshness(store.db).is_sample:
        raise MisuseError(f"{store.folder} holds data of your own", "Choose another --store for the sample data.")
