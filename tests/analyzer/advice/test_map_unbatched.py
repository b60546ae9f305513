from __future__ import annotations

from typing import Any

import pytest

from tests.analyzer.advice.hinted import LAMBDA, facts, hints, said

BODY = {
    "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    "StartAt": "Charge",
    "States": {"Charge": {**LAMBDA, "End": True}},
}
ITEMS: dict[str, Any] = {"Type": "Map", "ItemProcessor": BODY}


def test_a_thousand_children_are_evidence_and_batches_of_ten_leave_a_tenth_of_their_starts() -> None:
    tried = {"state": "Items", "state_type": "Map", "transitions": 1_001, "cost_usd": 1.001}
    [hint] = hints("map_unbatched", facts({"Items": ITEMS}, [tried]))
    assert (hint.severity, hint.occurrences) == ("medium", 1_000)
    assert hint.saving_usd == pytest.approx(0.9)


def test_few_children_are_info_and_batches_nothing() -> None:
    tried = {"state": "Items", "state_type": "Map", "transitions": 11}
    assert said("map_unbatched", facts({"Items": ITEMS}, [tried])) == [("info", 10)]
    batched = {**ITEMS, "ItemBatcher": {"MaxItemsPerBatch": 10}}
    assert said("map_unbatched", facts({"Items": batched}, [tried])) == []
