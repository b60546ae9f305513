"""What was planted in the sample data is the first thing that its page says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from analyzer.prices import bundled_prices
from analyzer.reading import facts_within, newest_definitions
from analyzer.registry import Facts, analysis_named
from analyzer.window import Window
from dashboard import findings
from dashboard.filters import Filters
from tests.commands.running import NOW

MONTH = Filters(span="30d")


@pytest.fixture
def facts(sample: Path) -> Iterator[Facts]:
    with facts_within(sample, Window(), newest_definitions(sample), bundled_prices(), NOW) as found:
        yield found


def answer(name: str, facts: Facts) -> pd.DataFrame:
    return analysis_named(name).run(facts)


def test_the_bad_revision_of_the_order_workflow(facts: Facts) -> None:
    changes = answer("changes", facts)
    first = changes.iloc[0]
    assert (first["machine"], first["change"], first["measure"], first["verdict"]) == (
        "order-processing",
        "deploy",
        "failure_rate",
        "worse",
    )
    text = findings.changed(changes, MONTH)
    assert "of `order-processing`" in text.partition("made it worse")[0]
    assert "charge\\-card\\-v2" in text, "what the revision changed"


def test_the_dependency_of_the_image_pipeline_that_became_slow(facts: Facts) -> None:
    parts, states, changes = (answer(name, facts) for name in ("time_breakdown", "critical_states", "changes"))
    text = findings.time_spent(parts, states, changes, MONTH)
    assert text.startswith("**`중간 크기` of `image-pipeline` became slower on ")
    shifts = changes[(changes["change"] == "shift") & (changes["verdict"] == "worse")]
    assert list(zip(shifts["machine"], shifts["state"], strict=True)) == [("image-pipeline", "중간 크기")]


def test_the_parts_of_every_execution_are_its_duration(facts: Facts) -> None:
    parts = answer("time_breakdown", facts)
    spent = parts[parts["part"] != "idle"].groupby("machine")
    assert (parts["time_ms"] >= 0).all()
    assert spent["time_share"].sum().round(9).eq(1).all()
