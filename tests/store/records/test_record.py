from __future__ import annotations

from pathlib import Path

import pytest

from store.folder import readable_store, writable_store
from store.records import record_named, record_names, rows_of


@pytest.mark.parametrize("name", record_names())
def test_a_record_gives_the_columns_it_declares(tmp_path: Path, name: str) -> None:
    record = record_named(name)
    with writable_store(tmp_path) as store:
        given = store.db.execute(record.select).description
    assert len(given) == len(record.columns)
    assert len({column.name for column in record.columns}) == len(record.columns)


@pytest.mark.parametrize("name", record_names())
def test_a_store_from_before_its_table_has_no_rows(tmp_path: Path, name: str) -> None:
    with writable_store(tmp_path) as store:
        assert rows_of(store.db, record_named(name)._replace(table="not yet")) == []


def test_a_name_that_no_record_has_is_refused() -> None:
    with pytest.raises(KeyError):
        record_named("record")


def test_rows_come_in_the_order_of_the_columns(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        store.db.execute(
            "INSERT INTO machines (arn, name, type, region) VALUES ('arn:m', '주문 검증', 'STANDARD', 'r')"
        )
    with readable_store(tmp_path) as store:
        rows = rows_of(store.db, record_named("machines"))
    assert rows == [(1, "arn:m", "주문 검증", "r", "", "STANDARD", *[None] * 9)]
