from __future__ import annotations

import pandas as pd

from tests.analyzer.advice.hinted import LAMBDA, ORDERS, facts, hints


def machines(*rows: tuple[str, str | None, int | None]) -> dict[str, pd.DataFrame]:
    frame = pd.DataFrame(rows, columns=["type", "log_level", "deleted_at"]).astype({"deleted_at": "Int64"})
    return {"machines": frame.assign(machine="orders", region="us-east-1", account="111122223333")}


def test_an_express_machine_with_its_logs_off_is_told() -> None:
    records = machines(("EXPRESS", "OFF", None), ("EXPRESS", "ALL", None), ("STANDARD", "OFF", None))
    [hint] = hints("express_unlogged", facts({"Charge": LAMBDA}, records=records))
    assert (hint.machine, hint.severity) == (ORDERS, "medium")


def test_one_that_is_gone_or_whose_level_nobody_asked_for_is_not() -> None:
    records = machines(("EXPRESS", "OFF", 9), ("EXPRESS", None, None))
    assert hints("express_unlogged", facts({"Charge": LAMBDA}, records=records)) == []
