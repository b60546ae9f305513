from __future__ import annotations

import pytest

from analyzer.attempt_rows import AttemptRow
from analyzer.parts import EXTERNAL, HELD, RUN, SPLIT, WAIT, kind_of


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ({"state_type": "Task", "pattern": "request"}, RUN),
        ({"state_type": "Pass"}, RUN),
        ({"state_type": "Wait"}, WAIT),
        ({"state_type": "Task", "pattern": "activity"}, EXTERNAL),
        ({"state_type": "Task", "pattern": "sync", "submitted_at": 5}, SPLIT),
        ({"state_type": "Task", "pattern": "callback", "submitted_at": 5}, SPLIT),
        ({"state_type": "Task", "pattern": "sync"}, RUN),
        ({"state_type": "Map"}, EXTERNAL),
    ],
)
def test_what_the_run_of_an_attempt_is_a_part_of(cells: dict[str, object], kind: int) -> None:
    row = AttemptRow._make(cells.get(name) for name in AttemptRow._fields)
    assert kind_of(row, holds_states=False) == kind


def test_the_time_of_a_container_is_that_of_what_it_holds() -> None:
    row = AttemptRow._make({"state_type": "Map"}.get(name) for name in AttemptRow._fields)
    assert kind_of(row, holds_states=True) == HELD
