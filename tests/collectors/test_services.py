from __future__ import annotations

from collectors.services import STATES, action_of, service_of


def test_operations_are_of_step_functions_unless_said_otherwise() -> None:
    assert service_of("ListExecutions") == STATES
    assert service_of("FilterLogEvents").client == "logs"
    assert [action_of(name) for name in ("ListExecutions", "StartQuery")] == [
        "states:ListExecutions",
        "logs:StartQuery",
    ]
