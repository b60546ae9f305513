"""Machines as keys of what is known of them, and back as the columns of a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analyzer.columns import MACHINE
from analyzer.registry import MachineKey

Row = dict[str, Any]


def keyed(frame: pd.DataFrame) -> Iterator[tuple[MachineKey, Row]]:
    """Each row with the machine it is about; None for an empty cell."""
    names = frame[list(MACHINE)].fillna("")
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    for name, region, account, row in zip(names["machine"], names["region"], names["account"], rows, strict=True):
        yield MachineKey(account, region, name), {str(column): cell for column, cell in row.items()}


def named(machine: MachineKey) -> Row:
    """The columns that name a machine; a part that is not known is empty."""
    return {"machine": machine.name, "region": machine.region or None, "account": machine.account or None}
