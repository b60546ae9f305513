from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analyzer.records import Lazily, Records
from store.folder import writable_store
from store.records import record_named, record_names


def test_a_record_is_read_from_the_store_in_its_declared_types(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        store.db.execute("INSERT INTO machines (arn, name, type) VALUES ('arn:m', '주문 검증', 'EXPRESS')")
    frame = Records(tmp_path)["machines"]
    assert list(frame["machine"]) == ["주문 검증"]
    assert frame["deleted_at"].isna().all()
    assert str(frame["machine_id"].dtype) == "Int64"


@pytest.mark.parametrize("name", record_names())
def test_without_a_store_every_record_is_there_and_empty(name: str) -> None:
    frame = Records()[name]
    assert list(frame.columns) == [column.name for column in record_named(name).columns]
    assert frame.empty


def test_records_that_are_given_are_taken() -> None:
    given = pd.DataFrame({"machine": ["m"]})
    assert Records(given={"machines": given})["machines"] is given


def test_a_name_that_no_record_has_is_refused() -> None:
    with pytest.raises(KeyError):
        Records()["machine"]


def test_the_records_are_those_of_the_store() -> None:
    assert list(Records()) == record_names()
    assert len(Records()) == len(record_names())


def test_a_lazy_mapping_is_made_once_and_when_first_looked_at() -> None:
    made: list[int] = []

    def squares() -> dict[int, int]:
        made.append(1)
        return {2: 4, 3: 9}

    lazily = Lazily(squares)
    assert made == []
    assert (lazily[3], list(lazily), len(lazily)) == (9, [2, 3], 2)
    assert made == [1]
