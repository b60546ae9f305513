from __future__ import annotations

from pathlib import Path

from commands.asking_metrics import metrics_announced, priced_metrics
from commands.session import Session
from store.folder import writable_store
from store.machines import MachineRow, machine_saved

NOW = 1_795_000_000_000


def session(folder: Path) -> Session:
    return Session(lambda: NOW, folder)


def test_the_cost_is_a_list_price_with_its_date_or_unknown(tmp_path: Path) -> None:
    priced = priced_metrics(session(tmp_path))
    assert str(priced("us-east-1", 1_100)).startswith("0.01100 USD (list price checked 20")
    assert priced("nowhere-1", 1) is None


def test_it_is_said_before(tmp_path: Path) -> None:
    assert list(metrics_announced(session(tmp_path))) == [
        "metrics: 11 requested for each machine and 15 for its account, once in 24 hours"
    ]
    with writable_store(tmp_path) as store:
        machine_saved(store.db, MachineRow("a", "orders", "STANDARD", "us-east-1", "1"), 0)
    (sentence,) = metrics_announced(session(tmp_path))
    assert sentence.startswith("metrics: 26 requested in us-east-1 once in 24 hours, each time for 0.00026 USD (")
