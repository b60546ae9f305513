from __future__ import annotations

from pathlib import Path

import pytest

from commands.sample import KIND, refuse_own, refuse_sample
from store.errors import MisuseError
from store.folder import writable_store
from store.passes import begun_pass


def test_an_empty_store_takes_either(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        refuse_own(store)
        refuse_sample(store)


def test_sample_data_keeps_others_out(tmp_path: Path) -> None:
    with writable_store(tmp_path) as store:
        begun_pass(store.db, KIND, 0)
        begun_pass(store.db, "import", 1)
        refuse_own(store)
        with pytest.raises(MisuseError, match="holds sample data"):
            refuse_sample(store)


@pytest.mark.parametrize("kind", ["collect", "import"])
def test_data_of_ones_own_keeps_sample_data_out(tmp_path: Path, kind: str) -> None:
    with writable_store(tmp_path) as store:
        begun_pass(store.db, kind, 0)
        refuse_sample(store)
        with pytest.raises(MisuseError, match="holds data of your own"):
            refuse_own(store)
