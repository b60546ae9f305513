from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def said(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("module", ["store.sqlite", "store.folder", "analyzer.facts"])
def test_the_store_and_the_fold_load_without_pandas(module: str) -> None:
    assert said(f"import sys, {module}; print('pandas' in sys.modules)") == "False\n"


def test_pandas_can_be_loaded_afterwards() -> None:
    assert said("import store.sqlite, pandas; print(pandas.DataFrame({'a': [1]})['a'].sum())") == "1\n"


def test_pandas_stays_when_it_came_first() -> None:
    assert said("import pandas, store.sqlite, sys; print(sys.modules['pandas'] is pandas)") == "True\n"
