"""What pages read: the one place with caches, a clock and the store's folder.

Everything cached is keyed by the store's `version`, one cheap read that is never cached, so that a new pass shows at
once and nothing is kept on a guess. The store is opened for reading only, and AWS is never asked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import streamlit as st

from analyzer.definition import Definition
from analyzer.frames import collected
from analyzer.prices import PriceBook, known_prices
from analyzer.reading import facts_within, newest_definitions
from analyzer.records import Records
from analyzer.registry import Facts, MachineKey, analysis_named
from analyzer.window import MS_IN_DAY, Window
from dashboard import evidence, listing
from dashboard.held import SOON_MS
from store.charged import Charged, charged
from store.folder import readable_store
from store.freshness import (
    Freshness,
    HistoryCount,
    complete_to,
    execution_counts,
    freshness,
    history_counts,
    newest_coverage,
)
from store.heartbeat import Heartbeat, heartbeat
from store.machines import Machine, machines
from store.passes import CoverageRow, PassRow, passes
from store.retention import Expiring, Retention, expiring, retentions
from store.settings import settings_of

DEFAULT_FOLDER = "./stepscope-data"
PASSES_SHOWN = 200
HOUR_MS = 3_600_000


def store_folder() -> Path:
    """The folder of `--store` behind Streamlit's `--`, else of $STEPSCOPE_STORE, else ./stepscope-data."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--store")
    chosen = parser.parse_known_args(sys.argv[1:])[0].store
    return Path(chosen or os.environ.get("STEPSCOPE_STORE") or DEFAULT_FOLDER)


def now_ms() -> int:
    """The time, in milliseconds since 1970."""
    return round(datetime.now(UTC).timestamp() * 1000)


class Known(NamedTuple):
    """What every page needs to know of the store before it asks anything."""

    folder: Path
    fresh: Freshness
    machines: tuple[Machine, ...]

    @property
    def machine_names(self) -> list[str]:
        """The names of all machines, once each, in alphabetical order."""
        return sorted({machine.name for machine in self.machines})


def known() -> Known:
    """The store as it is now. Raises what opening a store raises."""
    folder = store_folder()
    with readable_store(folder) as store:
        return Known(folder, freshness(store.db), tuple(machines(store.db)))


def answer(store: Known, name: str, window: Window) -> pd.DataFrame:
    """The table of the analysis of that name, over the executions of a window."""
    return _answer(str(store.folder), store.fresh.version, name, window)


@st.cache_data(max_entries=64, show_spinner=False)
def _answer(folder: str, version: str, name: str, window: Window) -> pd.DataFrame:
    with facts(folder, version, window) as found:
        return analysis_named(name).run(found)


def facts(folder: str, version: str, window: Window) -> AbstractContextManager[Facts]:
    """The facts of the executions in a window, while they are open."""
    at = Path(folder)
    return facts_within(at, window, _definitions(folder, version), prices(at), now_ms(), settings_of(at, _config()))


@st.cache_resource(max_entries=4, show_spinner=False)
def _definitions(folder: str, version: str) -> Mapping[MachineKey, Definition]:  # noqa: ARG001 -- part of the key
    """The newest definition of each machine that could be parsed."""
    return newest_definitions(Path(folder))


def _config() -> Path | None:
    """The settings of $STEPSCOPE_CONFIG, where it names a file."""
    named = os.environ.get("STEPSCOPE_CONFIG")
    return Path(named) if named else None


def prices(folder: Path) -> PriceBook:
    """The prices of this store: those that came with Stepscope, and over them those that a refresh has kept."""
    return known_prices(folder)


def definition_texts(store: Known) -> dict[MachineKey, str]:
    """The newest definition of each machine that has one, as it was written."""
    return _definition_texts(str(store.folder), store.fresh.version)


@st.cache_data(max_entries=4, show_spinner=False)
def _definition_texts(folder: str, version: str) -> dict[MachineKey, str]:  # noqa: ARG001 -- part of the key
    known = Records(Path(folder))["revisions"].dropna(subset=["definition"])
    names = zip(known["account"], known["region"], known["machine"], strict=True)
    return {MachineKey(*name): text for name, text in zip(names, known["definition"], strict=True)}


def days_within(store: Known, window: Window) -> float:
    """How many days a window and the store have in common; 1 at least."""
    first, last = store.fresh.first_day_ms or 0, (store.fresh.last_day_ms or 0) + MS_IN_DAY
    since = max(window.since_ms or first, first)
    return max((min(window.until_ms or last, last) - since) / MS_IN_DAY, 1.0)


def is_empty(store: Known, window: Window) -> bool:
    """Whether no execution is in the window."""
    return _is_empty(str(store.folder), store.fresh.version, window)


@st.cache_data(max_entries=64, show_spinner=False)
def _is_empty(folder: str, version: str, window: Window) -> bool:
    with facts(folder, version, window) as found:
        return collected(found.executions.select("execution_id").head(1)).empty


def listed(store: Known, window: Window, wanted: listing.Wanted) -> listing.Listed:
    """The newest executions of a window, and how many there are."""
    return _listed(str(store.folder), store.fresh.version, window, wanted)


@st.cache_data(max_entries=32, show_spinner=False)
def _listed(folder: str, version: str, window: Window, wanted: listing.Wanted) -> listing.Listed:
    with facts(folder, version, window) as found:
        return listing.newest(found, wanted)


def execution(store: Known, arn: str) -> evidence.Evidence | None:
    """All that is known of one execution; None when the store has none of that ARN."""
    return _execution(str(store.folder), store.fresh.version, arn)


@st.cache_data(max_entries=16, show_spinner=False)
def _execution(folder: str, version: str, arn: str) -> evidence.Evidence | None:  # noqa: ARG001 -- part of the key
    return evidence.evidence(Path(folder), arn)


class Pressing(NamedTuple):
    """What AWS soon no longer holds, how long it keeps things where that was learnt, and what asking was charged."""

    expiring: list[Expiring]
    retentions: list[Retention]
    charged: list[Charged]


def pressing(store: Known) -> Pressing:
    """The histories that expire soon, as of this hour."""
    return _pressing(str(store.folder), store.fresh.version, now_ms() // HOUR_MS * HOUR_MS)


@st.cache_data(max_entries=4, show_spinner=False)
def _pressing(folder: str, version: str, at_ms: int) -> Pressing:  # noqa: ARG001 -- part of the key
    with readable_store(Path(folder)) as store:
        return Pressing(expiring(store.db, at_ms, SOON_MS), retentions(store.db), charged(store.db))


def coverage(store: Known) -> list[CoverageRow]:
    """What was last covered of each machine: all that the Overview needs, for counting every history takes a second."""
    return _coverage(str(store.folder), store.fresh.version)


@st.cache_data(max_entries=4, show_spinner=False)
def _coverage(folder: str, version: str) -> list[CoverageRow]:  # noqa: ARG001 -- part of the key
    with readable_store(Path(folder)) as store:
        return newest_coverage(store.db)


class Collected(NamedTuple):
    """What the collector wrote down about its work."""

    passes: list[PassRow]
    coverage: list[CoverageRow]
    complete_to: dict[tuple[int, str], int]
    histories: list[HistoryCount]
    executions: dict[int, int]


def last_heartbeat(store: Known) -> Heartbeat | None:
    """What the collector last said of itself. Never cached: it changes while the record stays."""
    with readable_store(store.folder) as opened:
        return heartbeat(opened.db)


def collection(store: Known) -> Collected:
    """Passes and coverage."""
    return _collection(str(store.folder), store.fresh.version)


@st.cache_data(max_entries=4, show_spinner=False)
def _collection(folder: str, version: str) -> Collected:  # noqa: ARG001 -- part of the key
    with readable_store(Path(folder)) as store:
        db = store.db
        return Collected(
            passes(db, PASSES_SHOWN), newest_coverage(db), complete_to(db), history_counts(db), execution_counts(db)
        )
