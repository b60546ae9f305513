from __future__ import annotations

import pandas as pd

from analyzer.registry import Facts
from analyzer.samples import measured_attempts
from tests.analyzer.rows import attempts, executions, on_duckdb


def ids(most: int) -> list[int]:
    runs = executions([{}] * 10)
    tries = attempts([{"execution_id": n} for n in range(1, 11)])
    found: pd.DataFrame = (
        measured_attempts(Facts(on_duckdb(runs), on_duckdb(tries)), most).collect("pandas").to_native()
    )
    return sorted(found["execution_id"])


def test_few_are_all_looked_at_and_of_many_every_nth() -> None:
    assert ids(10) == list(range(1, 11))
    assert ids(4) == [3, 6, 9]
