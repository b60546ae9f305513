from __future__ import annotations

import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.arrays import array_from, array_of

VALUES = {
    pa.string(): st.text(),
    pa.int32(): st.integers(-(2**31), 2**31 - 1),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.float64(): st.floats(allow_nan=False),
    pa.bool_(): st.booleans(),
}


@pytest.mark.parametrize("kind", VALUES, ids=str)
@given(data=st.data())
def test_values_come_back_as_they_were_and_none_is_an_empty_cell(kind: pa.DataType, data: st.DataObject) -> None:
    values = data.draw(st.lists(VALUES[kind] | st.none()))
    array = array_of(values, kind)
    array.validate(full=True)
    assert (array.type, array.to_pylist()) == (kind, values)


def test_cells_that_are_not_known_are_empty() -> None:
    array = array_from(np.array([5, 6, 7]), np.array([True, False, True]), pa.int64())
    assert array.to_pylist() == [5, None, 7]
    assert array_from(np.array([1.5]), None, pa.float64()).to_pylist() == [1.5]


def test_folding_never_loads_pandas() -> None:
    code = "import sys, analyzer.facts, tests.analyzer.test_tables as t; t.tables([t.kept(1, next(t.recorded()))]);"
    loaded = f"{code} print('pandas' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
