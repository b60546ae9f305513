from __future__ import annotations

import botocore.loaders
import pytest

from collectors.services import ANSWERED_BY, STATES, action_of, service_of


def test_operations_are_of_step_functions_unless_said_otherwise() -> None:
    assert service_of("ListExecutions") == STATES
    assert service_of("FilterLogEvents").client == "logs"
    assert [action_of(name) for name in ("ListExecutions", "StartQuery")] == [
        "states:ListExecutions",
        "logs:StartQuery",
    ]


def test_messages_are_deleted_many_at_a_time_and_allowed_one_by_one() -> None:
    assert action_of("DeleteMessageBatch") == "sqs:DeleteMessage"


@pytest.mark.parametrize("operation", ANSWERED_BY)
def test_an_operation_is_one_of_its_service(operation: str) -> None:
    model = botocore.loaders.Loader().load_service_model(service_of(operation).client, "service-2")
    assert operation in model["operations"]
