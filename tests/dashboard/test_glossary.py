from __future__ import annotations

import pytest

from analyzer.registry import analyses
from dashboard.glossary import term_of, terms, text
from tests.source import text as file_text


def test_the_page_shows_the_glossary_itself() -> None:
    assert text() == file_text("docs/glossary.md")


@pytest.mark.parametrize(
    ("column", "term"),
    [("root_state", "root state"), ("retries", "retry"), ("completeness", "completeness"), ("region", None)],
)
def test_a_column_knows_its_term(column: str, term: str | None) -> None:
    assert term_of(column) == term


def test_terms_of_all_columns_are_in_the_glossary() -> None:
    columns = {column.name for analysis in analyses().values() for column in analysis.columns}
    assert {term_of(name) for name in columns} - {None} <= set(terms())
