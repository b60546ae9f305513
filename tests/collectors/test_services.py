from __future__ import annotations

from collectors.pages import NEEDED
from collectors.services import ANSWERED_BY, STATES, action_of, service_of


def test_operations_are_of_step_functions_unless_said_otherwise() -> None:
    assert service_of("ListExecutions") == STATES
    assert service_of("FilterLogEvents").client == "logs"
    assert [action_of(name) for name in ("ListExecutions", "StartQuery")] == [
        "states:ListExecutions",
        "logs:StartQuery",
    ]


def test_every_operation_of_another_service_is_guarded() -> None:
    assert set(ANSWERED_BY) <= set(NEEDED)
