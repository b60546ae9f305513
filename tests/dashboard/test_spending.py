"""The tabs of the cost page."""

from __future__ import annotations

import pytest

from analyzer.registry import analysis_named
from dashboard.spending import DIVISIONS, Division


@pytest.mark.parametrize("division", DIVISIONS, ids=[division.name for division in DIVISIONS])
def test_a_tab_shows_columns_that_its_analysis_has(division: Division) -> None:
    columns = [column.name for column in analysis_named(division.name).columns]
    assert [name for name in division.shown.split() if name not in columns] == []


def test_no_two_tabs_have_one_name() -> None:
    assert len({division.tab for division in DIVISIONS}) == len(DIVISIONS)
