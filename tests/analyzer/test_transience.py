from __future__ import annotations

import pytest

from analyzer.transience import LAMBDA_SERVICE_ERRORS, TOO_MANY_REQUESTS, is_permanent, is_transient


@pytest.mark.parametrize(
    "error",
    [*LAMBDA_SERVICE_ERRORS, TOO_MANY_REQUESTS, "States.Timeout", "ThrottlingException", "DynamoDb.ThroughputExceeded"],
)
def test_a_name_may_say_that_it_passes(error: str) -> None:
    assert is_transient(error)
    assert not is_permanent(error)


@pytest.mark.parametrize(
    "error", ["States.Runtime", "ValidationError", "OrderNotFound", "TypeError", "S3.AccessDenied"]
)
def test_a_name_may_say_that_it_stays(error: str) -> None:
    assert is_permanent(error)
    assert not is_transient(error)


def test_most_names_say_neither() -> None:
    assert not is_permanent("CardDeclined")
    assert not is_transient("CardDeclined")
