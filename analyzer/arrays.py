"""Arrow arrays from Python values, without pandas.

`pyarrow.array` loads pandas to see whether it was given some of it: a second and 50 MB for every process that folds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyarrow.lib import StringBuilder

Mask = npt.NDArray[np.bool_]


def array_of(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """An array of texts, truths or numbers, in which None is an empty cell."""
    if pa.types.is_string(kind):
        return _texts(values)
    is_known = np.array([value is not None for value in values], np.bool_)
    cells = np.array([0 if value is None else value for value in values], _DTYPE[kind])
    return array_from(cells, None if is_known.all() else is_known, kind)


def array_from(cells: npt.NDArray[Any], is_known: Mask | None, kind: pa.DataType) -> pa.Array:
    """An array of the numbers or truths of a NumPy array; where `is_known` is false the cell is empty."""
    typed = np.ascontiguousarray(cells, _DTYPE[kind])
    data = np.packbits(typed, bitorder="little") if pa.types.is_boolean(kind) else typed
    valid = None if is_known is None else pa.py_buffer(np.packbits(is_known, bitorder="little"))
    return pa.Array.from_buffers(kind, len(cells), [valid, pa.py_buffer(data)])


_DTYPE: dict[pa.DataType, type[np.generic]] = {
    pa.int32(): np.int32,
    pa.int64(): np.int64,
    pa.float64(): np.float64,
    pa.bool_(): np.bool_,
}


def _texts(values: Sequence[str | None]) -> pa.Array:
    builder = StringBuilder()
    append: Callable[[Sequence[str | None]], object] = builder.append_values
    append(values)
    return builder.finish()
